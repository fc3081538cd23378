// The JSON header of a safetensors file, read with distrust.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soap/io/safetensors.hpp"

namespace soap {
inline namespace SOAP_ABI {

inline constexpr const char* metadata_key = "__metadata__";
/// In the order of TensorType.
inline constexpr std::array<std::string_view, 4> type_names{"F32", "F64", "I64", "U8"};

/// Bytes.
std::uint64_t element_size(TensorType type);
/// Bytes of a tensor; none when they are more than 64 bits can count or an extent is below 0.
std::optional<std::uint64_t> tensor_size(TensorType type, const std::vector<std::int64_t>& shape);

/// Where a tensor lies, in bytes from the end of the header.
struct TensorPlace {
  std::string name = {};
  TensorType type = TensorType::f32;
  std::vector<std::int64_t> shape = {};
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

struct TensorHeader {
  std::map<std::string, std::string> metadata = {};
  std::vector<TensorPlace> places = {};
};

/// Throws IoError for a text that is no such header. `path` and `offset`, the text's place in the file, are
/// for messages. Nothing in the text can make it nest deeply or take more memory than a few times the text.
TensorHeader parse_header(const std::string& text, const std::string& path, std::int64_t offset);

/// Sorts the tensors by their place. Throws IoError unless each has the size of its shape and together they
/// cover the `data_size` bytes after the header, without gaps or overlaps.
void order_by_place(TensorHeader& header, std::uint64_t data_size, const std::string& path);

}  // namespace SOAP_ABI
}  // namespace soap
