#include "soap/io/checkpoint.hpp"

#include "soap/base/error.hpp"

#include "tests/fuzz/readers.hpp"
#include "tests/fuzz/saved_files.hpp"

namespace fuzz {

bool checkpoint(std::string_view bytes) {
  return taken<soap::IoError>([&] { (void)run_until_stopped(file(bytes)); });
}

bool model(std::string_view bytes) {
  static soap::Network network = model_network();
  return taken<soap::IoError>([&] { soap::load_model(file(bytes), network); });
}

}  // namespace fuzz
