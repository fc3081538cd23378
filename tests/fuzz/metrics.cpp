#include "soap/base/error.hpp"
#include "soap/io/metrics_csv.hpp"
#include "soap/plot/curves.hpp"

#include "tests/fuzz/readers.hpp"

namespace fuzz {

// The picture of training curves, and the accuracies beside a diagnostics.csv.
bool metrics(std::string_view bytes) {
  const auto path = file(bytes);
  const bool has_accuracies = taken<soap::IoError>([&] { (void)soap::read_accuracies(path); });
  const bool has_curves = taken<soap::IoError>([&] {
    soap::Figure figure = soap::curves_figure(soap::read_curves(path));
    figure.scale = 0.25;
    (void)soap::render(figure);
  });
  return has_accuracies || has_curves;
}

}  // namespace fuzz
