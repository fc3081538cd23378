#include "soap/data/idx.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "soap/base/text.hpp"
#include "soap/data/input_file.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t unsigned_byte = 0x08;
// The magic number: two zeros, the element type, the number of dimensions.
constexpr std::size_t magic_size = 4;

std::string hex(Bytes bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (!text.empty()) text += ' ';
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::string type_name(std::uint8_t type) {
  constexpr std::array<std::pair<std::uint8_t, const char*>, 6> types{{{0x08, "unsigned byte"},
                                                                       {0x09, "signed byte"},
                                                                       {0x0b, "16-bit integer"},
                                                                       {0x0c, "32-bit integer"},
                                                                       {0x0d, "float"},
                                                                       {0x0e, "double"}}};
  const auto* known =
      std::find_if(types.begin(), types.end(), [&](auto& entry) { return entry.first == type; });
  return "element type 0x" + hex({&type, 1}) + " (" + (known != types.end() ? known->second : "unknown") +
         ")";
}

std::string dimension_count(int count) {
  return std::to_string(count) + (count == 1 ? " dimension" : " dimensions");
}

// A server that answers with an error page, or asks for consent first, leaves HTML under the file's name.
bool looks_like_html(Bytes start) {
  constexpr std::string_view skipped = "\xef\xbb\xbf \t\r\n";  // a byte order mark and white space
  const auto first = std::find_if(start.begin(), start.end(), [&](std::uint8_t byte) {
    return skipped.find(static_cast<char>(byte)) == std::string_view::npos;
  });
  return first != start.end() && *first == '<';
}

void check_magic(const InputFile& file, Bytes start, int rank) {
  const std::array<std::uint8_t, magic_size> magic{0, 0, unsigned_byte, static_cast<std::uint8_t>(rank)};
  if (looks_like_html(start)) {
    file.fail(0, "what looks like an HTML page", "an IDX file (download it again, perhaps from elsewhere)");
  }
  if (start.size() < magic_size) return;  // reported as a header cut short
  if (start[0] != 0 || start[1] != 0) {
    file.fail(0, "bytes " + hex(start.first(magic_size)),
              "the magic number " + hex(magic) + " of an IDX file");
  }
  if (start[2] != unsigned_byte) file.fail(2, type_name(start[2]), type_name(unsigned_byte));
  if (start[3] != rank) file.fail(3, dimension_count(start[3]), dimension_count(rank));
}

Index big_endian(Bytes bytes) {
  return static_cast<Index>(bytes[0]) << 24U | bytes[1] << 16U | bytes[2] << 8U | bytes[3];
}

// The number of values, which a file of this size can hold.
std::size_t check_dimensions(const InputFile& file, std::span<const Index> dimensions) {
  const std::uint64_t header_size = magic_size * (1 + dimensions.size());
  const std::uint64_t most = file.longest_content() - header_size;
  std::uint64_t count = 1;
  std::vector<std::string> names;
  bool fits = true;
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    const auto dimension = static_cast<std::uint64_t>(dimensions[i]);
    if (dimension == 0) {
      file.fail(magic_size * (1 + i), i == 0 ? "0 examples" : "images with a side of 0", "at least 1");
    }
    names.push_back(std::to_string(dimension));
    // Compared by division because the product may be too large for any integer.
    fits = fits && dimension <= most / count;
    if (fits) count *= dimension;
  }
  if (!fits) {
    file.fail(magic_size, "a claim of " + join(names, " x ") + " values",
              "at most " + std::to_string(most) + ", all that a " + (file.is_gzip() ? "gzip " : "") +
                  "file of " + std::to_string(file.file_size()) +
                  " bytes can hold (was the file cut short?)");
  }
  return count;
}

}  // namespace

IdxArray read_idx(const std::filesystem::path& path, int rank) {
  InputFile file(path);
  std::vector<std::uint8_t> header(magic_size * (1 + static_cast<std::size_t>(rank)));
  const std::size_t header_read = file.read(header);
  check_magic(file, Bytes(header).first(header_read), rank);
  if (header_read < header.size()) {
    file.fail(header_read, "the end of the data within the header",
              "a header of " + std::to_string(header.size()) + " bytes");
  }
  IdxArray array;
  for (std::size_t at = magic_size; at < header.size(); at += 4) {
    array.dimensions.push_back(big_endian(Bytes(header).subspan(at, 4)));
  }
  const std::size_t count = check_dimensions(file, array.dimensions);

  // Reserved at once, so that nothing moves, but touched piece by piece: a gzip file that claims more than it
  // holds costs no memory, and each piece is still in the cache when it is filled.
  constexpr std::size_t piece = 256 * 1024;
  auto& values = array.values;
  values.reserve(count);
  while (values.size() < count) {
    const std::size_t before = values.size();
    values.resize(before + std::min(piece, count - before));
    const std::size_t got = file.read(std::span(values).subspan(before));
    if (before + got < values.size()) {
      file.fail(header.size() + before + got, "the end of the data",
                std::to_string(header.size() + count) + " bytes in all");
    }
  }
  std::uint8_t excess = 0;
  if (file.read({&excess, 1}) != 0) {
    file.fail(header.size() + count, "more data after the last value", "the end of the data");
  }
  return array;
}

}  // namespace SOAP_ABI
}  // namespace soap
