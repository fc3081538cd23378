#include "soap/base/error.hpp"
#include "soap/io/diagnostics_csv.hpp"
#include "soap/plot/diagnostics_figure.hpp"

#include "tests/fuzz/readers.hpp"

namespace fuzz {

bool diagnostics(std::string_view bytes) {
  return taken<soap::IoError>([&] {
    const auto runs = soap::read_diagnostics(file(bytes));
    // As if each run had been judged where it was last looked at.
    std::vector<soap::AccuracyCurve> accuracies;
    accuracies.reserve(runs.size());
    for (const soap::DiagnosticsRun& run : runs)
      accuracies.push_back({.run = run.run, .examples = {run.samples.back().examples}, .accuracies = {0.5}});
    soap::Figure figure = soap::diagnostics_figure(runs, {.accuracies = accuracies});
    figure.scale = 0.25;
    (void)soap::render(figure);
  });
}

}  // namespace fuzz
