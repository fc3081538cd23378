// The safetensors format: named tensors in one file, as Python's safetensors reads and writes them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The types of the format that this library uses: F32, F64, I64 and U8.
enum class TensorType { f32, f64, i64, u8 };

/// "F32", ...
std::string_view to_text(TensorType type);

struct Tensor {
  TensorType type = TensorType::f32;
  std::vector<std::int64_t> shape = {};  ///< empty for a single value
  std::string bytes = {};                ///< row-major and little-endian
};

/// Where the metadata hold the fingerprint of a file's contents.
inline constexpr const char* fingerprint_key = "contents_fingerprint";

/// What such a file holds. The names of tensors and the texts are UTF-8.
struct TensorFile {
  std::map<std::string, std::string> metadata = {};
  std::map<std::string, Tensor> tensors = {};
};

/// The bytes of the file: the header's length in 8 bytes, the header in JSON with type, shape and place of
/// each tensor, the tensors without gaps, those of 8-byte elements first so that all are aligned. Adds to the
/// metadata a fingerprint of all the rest: texts, names, types, shapes and bytes. Throws
/// std::invalid_argument when a tensor's bytes are not those of its type and shape, or a name is not valid.
std::string to_safetensors(const TensorFile& file);

/// Throws IoError for a file that is not exactly such a file, whatever its bytes: one that is cut short or
/// has bytes too many, whose header is longer than the file or than 100 MB, is not JSON of this form or names
/// something twice, whose tensors overlap, leave gaps or do not have the size of their shape, that has types
/// other than those above, or whose fingerprint, where it has one, is another. Takes no more memory than a
/// few times the file.
TensorFile read_safetensors(const std::filesystem::path& path);

}  // namespace SOAP_ABI
}  // namespace soap
