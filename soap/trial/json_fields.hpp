// JSON from files that anybody may have written or damaged, read with distrust.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// The value of a text in JSON. Throws IoError, naming `path` and what was expected, for a text that is no
/// JSON, nests deeper than 16 levels, names a field twice, or has a number that no double holds.
nlohmann::ordered_json parse_json(std::string_view bytes, const std::string& path,
                                  const std::string& expected);

/// A text as JSON, whatever its bytes. JSON is UTF-8; any other text becomes an object with the `text` as
/// near as it can be shown and its `bytes` in hexadecimal digits.
nlohmann::ordered_json json_of_text(const std::string& text);
/// The text of such a value; nothing where it is none.
std::optional<std::string> text_of_json(const nlohmann::ordered_json& json);

/// What a number may be.
struct NumberRange {
  double least;
  double most;
  const char* words;
};
inline constexpr NumberRange any_number{-std::numeric_limits<double>::max(),
                                        std::numeric_limits<double>::max(), "a number"};
inline constexpr NumberRange above_0{std::numeric_limits<double>::denorm_min(),
                                     std::numeric_limits<double>::max(), "a number above 0"};
inline constexpr NumberRange from_0{0, std::numeric_limits<double>::max(), "a number of at least 0"};
inline constexpr NumberRange from_0_to_1{0, 1, "a number from 0 to 1"};

/// The fields of an object, each of which must be there and what it should be: else IoError is thrown, which
/// names the file, the field, what was found and what was expected.
class JsonFields {
 public:
  /// `path` is for messages. The object must outlive the fields.
  JsonFields(const nlohmann::ordered_json& object, std::string path)
      : JsonFields(object, std::move(path), "") {}

  [[nodiscard]] bool has(const std::string& name) const { return object_.contains(name); }
  [[nodiscard]] bool is_null(const std::string& name) const { return at(name).is_null(); }
  [[nodiscard]] JsonFields object(const std::string& name) const;
  [[nodiscard]] std::vector<JsonFields> objects(const std::string& name) const;

  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> texts(const std::string& name) const;
  [[nodiscard]] bool truth(const std::string& name) const;
  [[nodiscard]] double number(const std::string& name, const NumberRange& range) const;
  [[nodiscard]] std::int64_t integer(const std::string& name, std::int64_t least,
                                     std::int64_t most = std::numeric_limits<std::int64_t>::max()) const;
  [[nodiscard]] std::vector<std::int64_t> integers(const std::string& name, std::int64_t least) const;
  [[nodiscard]] std::uint64_t seed(const std::string& name) const;
  /// Nothing where the field is null.
  [[nodiscard]] std::optional<double> number_or_null(const std::string& name, const NumberRange& range) const;
  [[nodiscard]] std::optional<std::int64_t> integer_or_null(const std::string& name, std::int64_t least,
                                                            std::int64_t most) const;

  /// Throws IoError for what stands in a field.
  [[noreturn]] void fail(const std::string& name, const std::string& expected) const;

 private:
  JsonFields(const nlohmann::ordered_json& object, std::string path, std::string place);
  [[nodiscard]] const nlohmann::ordered_json& at(const std::string& name) const;
  [[nodiscard]] std::int64_t integer_of(const nlohmann::ordered_json& value, const std::string& name,
                                        std::int64_t least, std::int64_t most) const;

  const nlohmann::ordered_json& object_;
  std::string path_;
  std::string place_;  // of the object: "judged."
};

}  // namespace SOAP_ABI
}  // namespace soap
