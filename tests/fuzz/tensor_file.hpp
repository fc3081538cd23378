// A model or checkpoint whose contents are looked at, whatever was changed in it.
#pragma once

#include "soap/base/error.hpp"
#include "soap/io/safetensors.hpp"

#include "tests/fuzz/readers.hpp"

namespace fuzz {

/// A file with these bytes, and with a fingerprint of its contents where they have none: else a change of any
/// byte would be refused for that, whatever the reader makes of the rest.
inline std::filesystem::path tensor_file(std::string_view bytes) {
  const auto path = file(bytes);
  try {
    const soap::TensorFile contents = soap::read_safetensors(path);
    if (!contents.metadata.contains(soap::fingerprint_key)) return file(soap::to_safetensors(contents));
  } catch (const soap::IoError&) {
    return path;  // to be refused
  }
  return path;
}

}  // namespace fuzz
