#include "soap/report/looks.hpp"

#include "soap/base/error.hpp"

#include "tests/fuzz/readers.hpp"

namespace fuzz {

bool looks(std::string_view bytes) {
  const auto path = file(bytes, "looks/looks.csv");
  return taken<soap::IoError>([&] { (void)soap::read_looks(path.parent_path()); });
}

}  // namespace fuzz
