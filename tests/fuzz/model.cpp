#include "soap/base/error.hpp"
#include "soap/io/checkpoint.hpp"

#include "tests/fuzz/readers.hpp"

namespace fuzz {

bool model(std::string_view bytes) {
  static soap::Network network = soap::mlp({3, 4, 2}, {.rule = "kp"});
  return taken<soap::IoError>([&] { soap::load_model(file(bytes), network); });
}

}  // namespace fuzz
