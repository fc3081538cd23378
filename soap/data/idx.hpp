// Files of MNIST's format, IDX: http://yann.lecun.com/exdb/mnist, "the IDX file format".
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Bytes with dimensions, the last of which varies fastest.
struct IdxArray {
  std::vector<Index> dimensions;
  std::vector<std::uint8_t> values;
};

/// Reads an IDX file of unsigned bytes with `rank` dimensions, plain or gzip. Throws IoError unless the file
/// holds exactly one non-empty array of that kind; sizes that the file cannot hold are refused before memory
/// is taken for them.
IdxArray read_idx(const std::filesystem::path& file, int rank);

}  // namespace SOAP_ABI
}  // namespace soap
