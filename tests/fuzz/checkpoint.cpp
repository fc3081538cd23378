#include "soap/io/checkpoint.hpp"

#include "soap/base/error.hpp"

#include "tests/fuzz/readers.hpp"
#include "tests/fuzz/saved_files.hpp"
#include "tests/fuzz/tensor_file.hpp"

namespace fuzz {

bool checkpoint(std::string_view bytes) {
  return taken<soap::IoError>([&] { (void)run_until_stopped(tensor_file(bytes)); });
}

bool model(std::string_view bytes) {
  static soap::Network network = model_network();
  return taken<soap::IoError>([&] {
    const auto path = tensor_file(bytes);
    (void)soap::model_notes(path);
    soap::load_model(path, network);
  });
}

}  // namespace fuzz
