#include "soap/io/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>

#include "soap/base/error.hpp"
#include "soap/base/fingerprint.hpp"
#include "soap/base/foreign_text.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/io/safetensors_header.hpp"

namespace soap {
inline namespace SOAP_ABI {

static_assert(std::endian::native == std::endian::little, "tensors are written as they stand in memory");

namespace {

constexpr std::size_t length_size = 8;
constexpr std::uint64_t longest_header = 100'000'000;  // as in the reference implementation

// Of all that a file means: its texts, and the names, types, shapes and bytes of its tensors. How the header
// is written is not part of it, so that other programs may write it anew.
std::string fingerprint_of(const TensorFile& file) {
  std::uint64_t value = 0;
  const auto add = [&](std::string_view bytes) { value = fingerprint(bytes, value); };
  for (const auto& [name, text] : file.metadata) {
    if (name == fingerprint_key) continue;
    add(name);
    add(text);
  }
  for (const auto& [name, tensor] : file.tensors) {
    std::string form = std::string(to_text(tensor.type));
    for (const std::int64_t extent : tensor.shape) form.append(" ").append(std::to_string(extent));
    add(name);
    add(form);
    add(tensor.bytes);
  }
  // A text and its name are not the tensors that have the same bytes.
  add(std::to_string(file.tensors.size()));
  return to_hex(value);
}

std::vector<std::pair<std::string, const Tensor*>> in_file_order(const TensorFile& file) {
  std::vector<std::pair<std::string, const Tensor*>> order;
  for (const auto& [name, tensor] : file.tensors) order.emplace_back(name, &tensor);
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return element_size(a.second->type) > element_size(b.second->type);
  });
  return order;
}

void check(const std::string& name, const Tensor& tensor) {
  const auto expected = tensor_size(tensor.type, tensor.shape);
  if (name == metadata_key)
    throw std::invalid_argument("tensor '" + name + "': found the name that the format keeps for metadata");
  if (expected == tensor.bytes.size()) return;
  throw std::invalid_argument("tensor '" + name + "': found " + std::to_string(tensor.bytes.size()) +
                              " bytes, expected those of its type and shape");
}

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path)
      : path_(path.string()), file_(path, "a safetensors file"), size_(file_.size()) {}

  TensorFile read() {
    if (size_ < length_size)
      fail(IoError::no_offset, "a file of " + std::to_string(size_) + " bytes", "at least 8");
    std::uint64_t length = 0;
    const std::string length_bytes = take(length_size);
    std::memcpy(&length, length_bytes.data(), length_size);
    if (length > longest_header)
      fail(0, "a header of " + std::to_string(length) + " bytes",
           "at most " + std::to_string(longest_header));
    if (length > size_ - length_size) {
      fail(0, "a header of " + std::to_string(length) + " bytes",
           "at most the " + std::to_string(size_ - length_size) + " that follow in the file");
    }
    const std::uint64_t data_size = size_ - length_size - length;
    TensorHeader header = parse_header(take(length), path_, length_size);
    order_by_place(header, data_size, path_);
    return take_tensors(std::move(header), data_size);
  }

 private:
  TensorFile take_tensors(TensorHeader header, std::uint64_t data_size) {
    const std::string data = take(data_size);
    TensorFile file{.metadata = std::move(header.metadata)};
    for (TensorPlace& place : header.places) {
      file.tensors.emplace(std::move(place.name),
                           Tensor{.type = place.type,
                                  .shape = std::move(place.shape),
                                  .bytes = data.substr(place.begin, place.end - place.begin)});
    }
    check_fingerprint(file);
    return file;
  }

  void check_fingerprint(const TensorFile& file) const {
    const auto noted = file.metadata.find(fingerprint_key);
    if (noted == file.metadata.end()) return;
    const std::string found = fingerprint_of(file);
    if (noted->second != found)
      fail(IoError::no_offset, "contents with the fingerprint " + found,
           in_quotes(noted->second) + " as the header says");
  }

  std::string take(std::uint64_t count) {
    std::string bytes(count, '\0');
    if (file_.read(bytes) != count)
      fail(IoError::no_offset, "a file that cannot be read to its end", "one that can");
    return bytes;
  }

  [[noreturn]] void fail(std::int64_t offset, const std::string& found, const std::string& expected) const {
    throw IoError(path_, offset, found, expected);
  }

  std::string path_;
  OrdinaryFile file_;
  std::uint64_t size_;
};

}  // namespace

std::string_view to_text(TensorType type) { return type_names[static_cast<std::size_t>(type)]; }

std::string to_safetensors(const TensorFile& file) {
  std::string data;
  nlohmann::ordered_json tensors = nlohmann::ordered_json::object();
  for (const auto& [name, tensor] : in_file_order(file)) {
    check(name, *tensor);
    const std::size_t begin = data.size();
    data += tensor->bytes;
    tensors[name] = {
        {"dtype", to_text(tensor->type)}, {"shape", tensor->shape}, {"data_offsets", {begin, data.size()}}};
  }
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  auto metadata = file.metadata;
  metadata[fingerprint_key] = fingerprint_of(file);
  header[metadata_key] = metadata;
  for (auto& [name, tensor] : tensors.items()) header[name] = std::move(tensor);
  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::exception& error) {
    throw std::invalid_argument("tensors: found a name or text that is not UTF-8 (" +
                                std::string(error.what()) + ")");
  }
  // Spaces, so that the tensors start at a multiple of 8.
  text.append((length_size - text.size() % length_size) % length_size, ' ');
  const std::uint64_t length = text.size();
  std::string bytes(reinterpret_cast<const char*>(&length), length_size);
  return bytes += text += data;
}

TensorFile read_safetensors(const std::filesystem::path& path) { return Reader(path).read(); }

}  // namespace SOAP_ABI
}  // namespace soap
