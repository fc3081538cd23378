#include "soap/io/safetensors_header.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

#include "soap/base/error.hpp"
#include "soap/base/foreign_text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

using nlohmann::json;

// Takes the header in as it is read, so that neither a deep nest nor a name that comes twice ever becomes a
// value in memory.
class HeaderHandler final : public nlohmann::json_sax<json> {
 public:
  HeaderHandler(const std::string& path, std::int64_t offset) : path_(path), offset_(offset) {}

  [[nodiscard]] TensorHeader take() { return std::move(header_); }

  bool start_object(std::size_t) override {
    if (place_ == Place::outside) return enter(Place::header);
    if (place_ == Place::header) {
      if (key_ == metadata_key) return enter(Place::metadata);
      header_.places.push_back({.name = key_});
      fields_.clear();
      offsets_.clear();
      return enter(Place::tensor);
    }
    refuse("an object");
  }
  bool end_object() override {
    if (place_ == Place::tensor) finish_tensor();
    return enter(place_ == Place::header ? Place::outside : Place::header);
  }
  bool start_array(std::size_t) override {
    if (place_ == Place::tensor && key_ == "shape") return enter(Place::shape);
    if (place_ == Place::tensor && key_ == "data_offsets") return enter(Place::offsets);
    refuse("a list");
  }
  bool end_array() override { return enter(Place::tensor); }

  bool key(string_t& name) override {
    auto& names = place_ == Place::header ? names_ : place_ == Place::metadata ? texts_ : fields_;
    if (!names.insert(name).second) fail("the name " + in_quotes(name) + " twice", "it once");
    if (place_ == Place::tensor && name != "dtype" && name != "shape" && name != "data_offsets")
      fail(in_quotes(name) + " in tensor " + in_quotes(header_.places.back().name),
           "dtype, shape and data_offsets");
    key_ = name;
    return true;
  }

  bool string(string_t& text) override {
    if (place_ == Place::metadata) {
      header_.metadata.emplace(key_, text);
      return true;
    }
    if (place_ != Place::tensor || key_ != "dtype") refuse("a text");
    const auto* const type = std::find(type_names.begin(), type_names.end(), text);
    if (type == type_names.end()) {
      fail("the type " + in_quotes(text) + " of tensor " + in_quotes(header_.places.back().name),
           "F32, F64, I64 or U8");
    }
    header_.places.back().type = static_cast<TensorType>(type - type_names.begin());
    return true;
  }
  bool number_unsigned(number_unsigned_t number) override {
    if (place_ == Place::offsets) {
      offsets_.push_back(number);
      if (offsets_.size() > 2) refuse("a third number");
      return true;
    }
    auto& shape = header_.places.empty() ? none_ : header_.places.back().shape;
    if (place_ != Place::shape || number > most_extent || shape.size() == most_extents)
      refuse("the number " + std::to_string(number));
    shape.push_back(static_cast<std::int64_t>(number));
    return true;
  }
  bool number_integer(number_integer_t number) override { refuse("the number " + std::to_string(number)); }
  bool number_float(number_float_t, const string_t& text) override {
    refuse("the number " + in_quotes(text));
  }
  bool null() override { refuse("null"); }
  bool boolean(bool) override { refuse("true or false"); }
  bool binary(binary_t&) override { refuse("binary data"); }
  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    throw IoError(path_, offset_ + static_cast<std::int64_t>(position) - 1, "a header that is not JSON",
                  "a safetensors header");
  }

 private:
  enum class Place { outside, header, metadata, tensor, shape, offsets };
  static constexpr std::uint64_t most_extent = std::numeric_limits<std::int64_t>::max();
  static constexpr std::size_t most_extents = 32;

  bool enter(Place place) {
    place_ = place;
    return true;
  }

  void finish_tensor() {
    TensorPlace& tensor = header_.places.back();
    if (fields_.size() < 3 || offsets_.size() != 2) {
      fail("tensor " + in_quotes(tensor.name) + " without all of its fields",
           "dtype, shape and two data_offsets");
    }
    tensor.begin = offsets_[0];
    tensor.end = offsets_[1];
  }

  [[noreturn]] void fail(const std::string& found, const std::string& expected) const {
    throw IoError(path_, offset_, found + " in the header", expected);
  }
  // For what cannot stand where it is.
  [[noreturn]] void refuse(const std::string& found) const {
    switch (place_) {
      case Place::outside:
        fail(found, "an object");
      case Place::header:
        fail(found + " for " + in_quotes(key_), "an object");
      case Place::metadata:
        fail(found + " for " + in_quotes(key_) + " in the metadata", "a text");
      case Place::tensor:
      case Place::shape:
      case Place::offsets:
        break;
    }
    fail(found + " for " + key_ + " of tensor " + in_quotes(header_.places.back().name),
         key_ == "dtype"   ? "the name of a type"
         : key_ == "shape" ? "a list of at most 32 integers of at least 0"
                           : "a list of two integers of at least 0");
  }

  const std::string& path_;
  std::int64_t offset_;
  Place place_ = Place::outside;
  std::string key_;
  // The names so far of tensors, of texts of the metadata, and of fields of the tensor under way.
  std::set<std::string> names_;
  std::set<std::string> texts_;
  std::set<std::string> fields_;
  std::vector<std::uint64_t> offsets_;
  std::vector<std::int64_t> none_;
  TensorHeader header_;
};

}  // namespace

std::uint64_t element_size(TensorType type) {
  switch (type) {
    case TensorType::f32:
      return 4;
    case TensorType::u8:
      return 1;
    case TensorType::f64:
    case TensorType::i64:
      break;
  }
  return 8;
}

std::optional<std::uint64_t> tensor_size(TensorType type, const std::vector<std::int64_t>& shape) {
  std::uint64_t size = element_size(type);
  // An extent of 0 makes any product 0, but extents that overflow before it are still not those of a tensor.
  std::uint64_t zero = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 0) return std::nullopt;
    if (extent == 0) {
      zero = 0;
      continue;
    }
    const auto factor = static_cast<std::uint64_t>(extent);
    if (size > std::numeric_limits<std::uint64_t>::max() / factor) return std::nullopt;
    size *= factor;
  }
  return size * zero;
}

TensorHeader parse_header(const std::string& text, const std::string& path, std::int64_t offset) {
  if (!text.starts_with('{'))
    throw IoError(path, offset, "a header that does not start with '{'", "a safetensors header");
  // The parser takes a zero byte for the end of the text.
  if (const auto zero = text.find('\0'); zero != std::string::npos)
    throw IoError(path, offset + static_cast<std::int64_t>(zero), "a zero byte", "a safetensors header");
  HeaderHandler handler(path, offset);
  json::sax_parse(text, &handler);
  return handler.take();
}

void order_by_place(TensorHeader& header, std::uint64_t data_size, const std::string& path) {
  auto& places = header.places;
  std::sort(places.begin(), places.end(), [](const TensorPlace& a, const TensorPlace& b) {
    return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
  });
  const auto fail = [&](const std::string& found, const std::string& expected) {
    throw IoError(path, IoError::no_offset, found, expected);
  };
  std::uint64_t reached = 0;
  for (const TensorPlace& place : places) {
    const std::string name = "tensor " + in_quotes(place.name);
    const std::string bytes = std::to_string(place.begin) + " to " + std::to_string(place.end);
    if (place.end < place.begin || place.end > data_size)
      fail(name + " at the bytes " + bytes,
           "a place within the " + std::to_string(data_size) + " bytes after the header");
    const auto size = tensor_size(place.type, place.shape);
    if (!size) fail("a shape of " + name + " that no memory holds", "one of its bytes " + bytes);
    if (*size != place.end - place.begin) {
      fail(std::to_string(place.end - place.begin) + " bytes for " + name,
           "the " + std::to_string(*size) + " of its type and shape");
    }
    if (place.begin < reached) fail(name + " at the bytes " + bytes + ", where another lies", "no overlaps");
    if (place.begin > reached)
      fail("nothing at the bytes " + std::to_string(reached) + " to " + std::to_string(place.begin),
           "tensors without gaps");
    reached = place.end;
  }
  if (reached < data_size) fail(std::to_string(data_size - reached) + " bytes after the last tensor", "none");
}

}  // namespace SOAP_ABI
}  // namespace soap
