#include "soap/io/safetensors.hpp"

#include "soap/base/error.hpp"

#include "tests/fuzz/readers.hpp"

namespace fuzz {

bool safetensors(std::string_view bytes) {
  return taken<soap::IoError>([&] {
    const soap::TensorFile read = soap::read_safetensors(file(bytes));
    const soap::TensorFile again = soap::read_safetensors(file(soap::to_safetensors(read)));
    require(again.tensors.size() == read.tensors.size(), "a safetensors file that loses tensors");
    for (const auto& [name, tensor] : read.tensors) {
      const auto found = again.tensors.find(name);
      require(found != again.tensors.end() && found->second.bytes == tensor.bytes &&
                  found->second.shape == tensor.shape && found->second.type == tensor.type,
              "a safetensors file that changes a tensor");
    }
  });
}

}  // namespace fuzz
