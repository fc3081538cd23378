#include "soap/trial/setting_value.hpp"

#include <algorithm>
#include <stdexcept>

#include "soap/base/text.hpp"
#include "soap/base/typed_value.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::optional<std::size_t> place_of(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - names.begin()));
}

std::string joined(const std::vector<Index>& sizes, std::string_view separator) {
  std::vector<std::string> texts;
  texts.reserve(sizes.size());
  for (const Index size : sizes) texts.push_back(std::to_string(size));
  return join(texts, separator);
}

}  // namespace

std::string name_of(const SettingRow& row) {
  std::string name = row.key;
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string SettingValue<double>::text(const SettingRow&, double value) { return to_text(value); }

double SettingValue<double>::parse(const SettingRow&, const std::string& what, const std::string& text) {
  const double number = typed_positive(what, text);
  if (static_cast<Scalar>(number) > 0) return number;
  throw std::invalid_argument(what + ": found '" + to_text(number) +
                              "', which rounds to 0, expected at least " + least_scalar());
}

std::int64_t SettingValue<std::int64_t>::parse(const SettingRow& row, const std::string& what,
                                               const std::string& text) {
  return typed_integer(what, text, row.least, row.most);
}

std::uint64_t SettingValue<std::uint64_t>::parse(const SettingRow& row, const std::string& what,
                                                 const std::string& text) {
  return static_cast<std::uint64_t>(typed_integer(what, text, row.least, row.most));
}

std::vector<Index> SettingValue<std::vector<Index>>::read(const SettingRow& row, const JsonFields& fields) {
  const std::vector<std::int64_t> sizes = fields.integers(row.key, row.least);
  return {sizes.begin(), sizes.end()};
}

std::string SettingValue<std::vector<Index>>::text(const SettingRow&, const std::vector<Index>& value) {
  return value.empty() ? "none" : joined(value, "x");
}

std::vector<Index> SettingValue<std::vector<Index>>::parse(const SettingRow& row, const std::string& what,
                                                           const std::string& text) {
  std::vector<Index> sizes;
  if (text == "none") return sizes;
  for (const std::string& part : split(text, 'x')) {
    sizes.push_back(parse_integer(what, part));
    if (sizes.back() < row.least) {
      throw std::invalid_argument(what + ": found '" + text + "', expected sizes of at least " +
                                  std::to_string(row.least) + ", as in 100 or 240x240, or none");
    }
  }
  return sizes;
}

std::string SettingValue<std::vector<Index>>::words(const SettingRow& row, const std::vector<Index>& value) {
  if (value.empty()) return std::string("no ").append(row.label).append(" layer");
  return std::string(row.label).append(" ").append(joined(value, "-"));
}

std::size_t read_name(const SettingRow& row, const JsonFields& fields) {
  const std::vector<std::string> names = row.names.all();
  if (const auto place = place_of(names, fields.text(row.key))) return *place;
  fields.fail(row.key, join(names, " or "));
}

std::size_t parse_name(const SettingRow& row, const std::string& what, const std::string& text) {
  const std::vector<std::string> names = row.names.all();
  if (const auto place = place_of(names, text)) return *place;
  throw std::invalid_argument(what + ": found '" + text + "', expected " + join(names, " or "));
}

}  // namespace SOAP_ABI
}  // namespace soap
