// What there is to say of a setting, and how values of each type are written and read.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "soap/base/scalar.hpp"
#include "soap/trial/json_fields.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// What a setting is for. Tables and names have the settings role by role, in the order of a table in each.
enum class SettingRole {
  method,      ///< what is compared
  training,    ///< chosen for a method by its validation accuracy: how steps are made
  start,       ///< chosen, too: what training starts from
  problem,     ///< what methods are compared on
  chance,      ///< seeds
  evaluation,  ///< how a trial is judged; those that differ in it cannot be compared
  logging,     ///< what is written down on the way; no result depends on it
};

enum class SettingShown {
  always,
  in_files,  ///< and in names where it is not as usual
  /// In files, at their end, and in names only where it is not as usual. With a setting that comes to a
  /// format in use, trials that make no use of it thus keep their files, keys and names.
  where_unusual,
};

/// The language of a setting that is a text or one of several names.
struct SettingNames {
  std::vector<std::string> (*all)() = nullptr;
  std::string (*canonical)(std::string_view) = nullptr;            ///< see Spec; throws std::invalid_argument
  std::string (*complete)(std::string_view) = nullptr;             ///< the same with all parameters
  std::optional<std::string> (*help)(std::string_view) = nullptr;  ///< see `spec_help`
  const char* separators = ",";  ///< of texts that may stand side by side in a value of the flag
};

struct SettingFlag {
  const char* name = nullptr;  ///< without its dashes; nullptr where no program has one
  const char* help = "";       ///< a % stands for all names
  const char* takes = "N";     ///< where it takes no list
};

/// A parameter of a setting's text that counts as a setting: with a flag, a name and a column of its own.
struct ParameterFlag {
  const char* name;
  const char* parameter;
  const char* help;
};

/// What is known of a setting but for where its value is.
struct SettingRow {
  const char* key;  ///< in JSON
  SettingRole role;
  const char* column = key;  ///< in tables
  const char* label = "";    ///< before the value in names; may be empty
  SettingShown shown = SettingShown::always;
  std::int64_t least = 0;                                        ///< of integers
  std::int64_t most = std::numeric_limits<std::int64_t>::max();  ///< that somebody may type and mean
  SettingNames names = {};
  SettingFlag flag = {};
  std::span<const ParameterFlag> parameters = {};
};

/// "batch size" of "batch_size".
std::string name_of(const SettingRow& row);

/// Whether it comes at the end of a file, if at all.
constexpr bool stands_last(const SettingRow& row) { return row.shown == SettingShown::where_unusual; }

/// How values of a type are written and read. `read` throws IoError, `parse` std::invalid_argument.
template <class Value>
struct SettingValue;

template <>
struct SettingValue<std::string> {
  static constexpr bool is_number = false;
  static nlohmann::ordered_json json(const SettingRow&, const std::string& value) { return value; }
  static std::string read(const SettingRow& row, const JsonFields& fields) { return fields.text(row.key); }
  static std::string text(const SettingRow&, const std::string& value) { return value; }
  static std::string parse(const SettingRow&, const std::string&, const std::string& text) { return text; }
};

/// A number above 0 that is more than 0 as a Scalar, too.
template <>
struct SettingValue<double> {
  static constexpr bool is_number = true;
  static nlohmann::ordered_json json(const SettingRow&, double value) { return value; }
  static double read(const SettingRow& row, const JsonFields& fields) {
    return fields.number(row.key, above_0);
  }
  static std::string text(const SettingRow& row, double value);
  static double parse(const SettingRow& row, const std::string& what, const std::string& text);
};

template <>
struct SettingValue<std::int64_t> {
  static constexpr bool is_number = true;
  static nlohmann::ordered_json json(const SettingRow&, std::int64_t value) { return value; }
  static std::int64_t read(const SettingRow& row, const JsonFields& fields) {
    return fields.integer(row.key, row.least);
  }
  static std::string text(const SettingRow&, std::int64_t value) { return std::to_string(value); }
  static std::int64_t parse(const SettingRow& row, const std::string& what, const std::string& text);
};

/// A seed.
template <>
struct SettingValue<std::uint64_t> {
  static constexpr bool is_number = true;
  static nlohmann::ordered_json json(const SettingRow&, std::uint64_t value) { return value; }
  static std::uint64_t read(const SettingRow& row, const JsonFields& fields) { return fields.seed(row.key); }
  static std::string text(const SettingRow&, std::uint64_t value) { return std::to_string(value); }
  static std::uint64_t parse(const SettingRow& row, const std::string& what, const std::string& text);
};

/// Sizes of layers: "128x64" or "none".
template <>
struct SettingValue<std::vector<Index>> {
  static constexpr bool is_number = false;
  static nlohmann::ordered_json json(const SettingRow&, const std::vector<Index>& value) { return value; }
  static std::vector<Index> read(const SettingRow& row, const JsonFields& fields);
  static std::string text(const SettingRow& row, const std::vector<Index>& value);
  static std::vector<Index> parse(const SettingRow& row, const std::string& what, const std::string& text);
  /// "hidden 128-64" or "no hidden layer".
  static std::string words(const SettingRow& row, const std::vector<Index>& value);
};

/// The place of a text among the row's names.
std::size_t read_name(const SettingRow& row, const JsonFields& fields);
std::size_t parse_name(const SettingRow& row, const std::string& what, const std::string& text);

/// One of the row's names, which come in the order of the enumeration.
template <class Value>
requires std::is_enum_v<Value>
struct SettingValue<Value> {
  static constexpr bool is_number = false;
  static nlohmann::ordered_json json(const SettingRow& row, Value value) { return text(row, value); }
  static Value read(const SettingRow& row, const JsonFields& fields) {
    return static_cast<Value>(read_name(row, fields));
  }
  static std::string text(const SettingRow& row, Value value) {
    return row.names.all().at(static_cast<std::size_t>(value));
  }
  static Value parse(const SettingRow& row, const std::string& what, const std::string& text) {
    return static_cast<Value>(parse_name(row, what, text));
  }
};

}  // namespace SOAP_ABI
}  // namespace soap
