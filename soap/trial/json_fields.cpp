#include "soap/trial/json_fields.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "soap/base/error.hpp"
#include "soap/base/foreign_text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

using nlohmann::ordered_json;

constexpr int deepest = 16;
constexpr std::string_view hex_digits = "0123456789abcdef";

// Refuses while the text is read what would only be a danger, or a guess, once it is a value.
class Watch {
 public:
  Watch(const std::string& path, const std::string& expected) : path_(path), expected_(expected) {}

  bool operator()(int depth, ordered_json::parse_event_t event, const ordered_json& value) {
    if (depth > deepest) fail("JSON that nests deeper than " + std::to_string(deepest) + " levels");
    if (event == ordered_json::parse_event_t::object_start) names_.emplace_back();
    if (event == ordered_json::parse_event_t::object_end) names_.pop_back();
    if (event == ordered_json::parse_event_t::key) {
      const auto& name = value.get_ref<const std::string&>();
      if (!names_.back().insert(name).second) fail("the field " + in_quotes(name) + " twice");
    }
    return true;
  }

 private:
  [[noreturn]] void fail(const std::string& found) const {
    throw IoError(path_, IoError::no_offset, found, expected_);
  }

  const std::string& path_;
  const std::string& expected_;
  std::vector<std::set<std::string>> names_;  // of the objects around
};

std::string shown(const ordered_json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  if (value.is_string()) return in_quotes(value.get_ref<const std::string&>());
  return value.dump();
}

std::optional<std::string> bytes_of_hex(const std::string& digits) {
  if (digits.size() % 2 != 0 || digits.find_first_not_of(hex_digits) != std::string::npos)
    return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    bytes += static_cast<char>(hex_digits.find(digits[i]) << 4U | hex_digits.find(digits[i + 1]));
  return bytes;
}

}  // namespace

ordered_json parse_json(std::string_view bytes, const std::string& path, const std::string& expected) {
  // The parser takes a zero byte for the end of the text. Power cuts leave them.
  if (const auto zero = bytes.find('\0'); zero != std::string_view::npos)
    throw IoError(path, static_cast<std::int64_t>(zero), "a zero byte", expected);
  // Its own words are for programmers; of them only the byte is kept.
  try {
    Watch watch(path, expected);
    return ordered_json::parse(bytes, [&](int depth, ordered_json::parse_event_t event,
                                          const ordered_json& value) { return watch(depth, event, value); });
  } catch (const ordered_json::parse_error& error) {
    throw IoError(path, static_cast<std::int64_t>(error.byte),
                  bytes.empty() ? "an empty file" : "text that is not JSON, or ends too early", expected);
  } catch (const ordered_json::exception&) {
    throw IoError(path, IoError::no_offset, "a number that is too large", expected);
  }
}

ordered_json json_of_text(const std::string& text) {
  if (is_utf8(text)) return text;
  std::string digits;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    digits.append(1, hex_digits[byte >> 4U]).append(1, hex_digits[byte & 15U]);
  }
  return {{"text", printable(text)}, {"bytes", digits}};
}

std::optional<std::string> text_of_json(const ordered_json& json) {
  if (json.is_string()) return json.get<std::string>();
  if (!json.is_object() || !json.contains("bytes") || !json.at("bytes").is_string()) return std::nullopt;
  return bytes_of_hex(json.at("bytes").get_ref<const std::string&>());
}

JsonFields::JsonFields(const ordered_json& object, std::string path, std::string place)
    : object_(object), path_(std::move(path)), place_(std::move(place)) {
  if (object_.is_object()) return;
  const std::string where = place_.empty() ? "" : " in '" + place_.substr(0, place_.size() - 1) + "'";
  throw IoError(path_, IoError::no_offset, shown(object_) + where, "an object");
}

const ordered_json& JsonFields::at(const std::string& name) const {
  const auto found = object_.find(name);
  if (found == object_.end())
    throw IoError(path_, IoError::no_offset, "no field '" + place_ + name + "'", "one");
  return *found;
}

void JsonFields::fail(const std::string& name, const std::string& expected) const {
  throw IoError(path_, IoError::no_offset, shown(at(name)) + " in '" + place_ + name + "'", expected);
}

JsonFields JsonFields::object(const std::string& name) const {
  return {at(name), path_, place_ + name + "."};
}

std::vector<JsonFields> JsonFields::objects(const std::string& name) const {
  if (!at(name).is_array()) fail(name, "a list");
  std::vector<JsonFields> all;
  all.reserve(at(name).size());
  for (const ordered_json& value : at(name)) all.push_back({value, path_, place_ + name + "."});
  return all;
}

std::string JsonFields::text(const std::string& name) const {
  const auto text = text_of_json(at(name));
  if (!text) fail(name, "a text");
  return *text;
}

std::vector<std::string> JsonFields::texts(const std::string& name) const {
  if (!at(name).is_array()) fail(name, "a list of texts");
  std::vector<std::string> all;
  all.reserve(at(name).size());
  for (const ordered_json& value : at(name)) {
    auto text = text_of_json(value);
    if (!text) fail(name, "a list of texts");
    all.push_back(*std::move(text));
  }
  return all;
}

bool JsonFields::truth(const std::string& name) const {
  if (!at(name).is_boolean()) fail(name, "true or false");
  return at(name).get<bool>();
}

double JsonFields::number(const std::string& name, const NumberRange& range) const {
  if (!at(name).is_number()) fail(name, range.words);
  const auto number = at(name).get<double>();
  if (!(number >= range.least && number <= range.most)) fail(name, range.words);
  return number;
}

std::int64_t JsonFields::integer(const std::string& name, std::int64_t least, std::int64_t most) const {
  return integer_of(at(name), name, least, most);
}

std::vector<std::int64_t> JsonFields::integers(const std::string& name, std::int64_t least) const {
  if (!at(name).is_array()) fail(name, "a list of integers");
  std::vector<std::int64_t> all;
  all.reserve(at(name).size());
  for (const ordered_json& value : at(name))
    all.push_back(integer_of(value, name, least, std::numeric_limits<std::int64_t>::max()));
  return all;
}

std::int64_t JsonFields::integer_of(const ordered_json& value, const std::string& name, std::int64_t least,
                                    std::int64_t most) const {
  constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();
  // What is not negative is held unsigned, and may be more than a signed integer.
  const bool too_large = value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{no_limit};
  if (value.is_number_integer() && !too_large) {
    const auto integer = value.get<std::int64_t>();
    if (integer >= least && integer <= most) return integer;
  }
  throw IoError(path_, IoError::no_offset, shown(value) + " in '" + place_ + name + "'",
                most == no_limit
                    ? "an integer of at least " + std::to_string(least)
                    : "an integer from " + std::to_string(least) + " to " + std::to_string(most));
}

std::uint64_t JsonFields::seed(const std::string& name) const {
  if (!at(name).is_number_unsigned()) fail(name, "an integer from 0 to 18446744073709551615");
  return at(name).get<std::uint64_t>();
}

std::optional<double> JsonFields::number_or_null(const std::string& name, const NumberRange& range) const {
  return is_null(name) ? std::nullopt : std::optional(number(name, range));
}

std::optional<std::int64_t> JsonFields::integer_or_null(const std::string& name, std::int64_t least,
                                                        std::int64_t most) const {
  return is_null(name) ? std::nullopt : std::optional(integer(name, least, most));
}

}  // namespace SOAP_ABI
}  // namespace soap
