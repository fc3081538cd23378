// Another value of a setting, whatever it is.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "soap/trial/setting.hpp"

namespace test {

// Texts of which each kind of setting takes one or another.
inline std::vector<std::string> things_to_type(const soap::SettingRow& row) {
  std::vector<std::string> texts = {"7", "0.25"};
  if (row.names.all != nullptr) texts = row.names.all();
  return texts;
}

/// The options with another value of this setting, valid and in its canonical form.
template <class Options>
std::optional<Options> changed(const soap::Setting<Options>& row, const Options& options) {
  for (const std::string& text : things_to_type(row)) {
    Options other = options;
    try {
      row.parse("--flag", text, other);
      row.make_canonical(other);
    } catch (const std::invalid_argument&) {
      continue;
    }
    if (row.text(other) != row.text(options)) return other;
  }
  return std::nullopt;
}

}  // namespace test
