// The flags of a table of settings: declared in `--help`, and read.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cxxopts.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/trial/setting.hpp"

namespace setting_flags {

/// The end of a flag's own words in `--help` where it answers `help`.
inline constexpr const char* offer = "; help lists what each takes";

enum class Takes {
  value,
  list,  ///< of values
};

/// What a program makes of the flags.
struct Use {
  std::vector<soap::SettingRole> roles;  ///< whose settings have flags, in the order of `--help`
  Takes takes = Takes::value;
  std::vector<std::string> without = {};  ///< flags that the program does not have
  /// What stands for a flag that is not given, where that is not the options' own; empty: nothing does.
  std::map<std::string, std::string> usual = {};
  std::map<std::string, std::string> notes = {};  ///< behind a flag's own words

  [[nodiscard]] bool has(const char* flag) const {
    return flag != nullptr && std::find(without.begin(), without.end(), flag) == without.end();
  }
  [[nodiscard]] std::string note(const char* flag) const {
    const auto found = notes.find(flag);
    return found == notes.end() ? "" : found->second;
  }
};

template <class Options, std::size_t n, class Visit>
void for_each_row(const std::array<soap::Setting<Options>, n>& table, const Use& use, const Visit& visit) {
  soap::for_each_setting(table, use.roles, [&](const soap::Setting<Options>& row) {
    if (use.has(row.flag.name)) visit(row);
  });
}

/// What `--help` says of a setting's flag.
inline std::string help_text(const soap::SettingRow& row, const Use& use) {
  std::string text = row.flag.help;
  if (const std::size_t names = text.find('%'); names != std::string::npos)
    text.replace(names, 1, soap::join(row.names.all(), ", "));
  text += use.note(row.flag.name);
  if (row.names.help != nullptr) text += offer;
  return text;
}

/// Declares the flags.
template <class Options, std::size_t n>
void add(const std::array<soap::Setting<Options>, n>& table, const Use& use, cxxopts::Options& flags) {
  auto declare = flags.add_options();
  const bool lists = use.takes == Takes::list;
  const auto declare_flag = [&](const char* name, const std::string& help, const std::string& usual,
                                const char* takes) {
    const auto value = cxxopts::value<std::string>();
    declare(name, (lists ? "* " : "") + help, usual.empty() ? value : value->default_value(usual),
            lists ? "LIST" : takes);
  };
  for_each_row(table, use, [&](const soap::Setting<Options>& row) {
    const auto usual = use.usual.find(row.flag.name);
    declare_flag(row.flag.name, help_text(row, use),
                 usual == use.usual.end() ? row.text(Options()) : usual->second, row.flag.takes);
    for (const soap::ParameterFlag& parameter : row.parameters) {
      if (use.has(parameter.name)) declare_flag(parameter.name, parameter.help, "", "NUMBER");
    }
  });
}

/// Takes a text that was typed into the options. Throws std::invalid_argument.
template <class Options>
using Setter = std::function<void(Options& options, const std::string& text)>;

/// Visits each flag with what it sets, which may be kept as long as the table, but for those of methods,
/// whose lists are the program's own: visit("batch-size", set).
template <class Options, std::size_t n, class Visit>
void for_each_flag(const std::array<soap::Setting<Options>, n>& table, const Use& use, const Visit& visit) {
  for_each_row(table, use, [&](const soap::Setting<Options>& row) {
    if (row.role == soap::SettingRole::method) return;
    const Setter<Options> set = [&row](Options& options, const std::string& text) {
      row.parse(std::string("--").append(row.flag.name), text, options);
    };
    visit(row.flag.name, set);
    for (const soap::ParameterFlag& parameter : row.parameters) {
      if (!use.has(parameter.name)) continue;
      visit(
          parameter.name, Setter<Options>([&row, &parameter, set](Options& options, const std::string& text) {
            set(options, row.text(options).append(":").append(parameter.parameter).append("=").append(text));
          }));
    }
  });
}

inline bool is_there(const cxxopts::ParseResult& given, const std::string& flag) {
  return given.count(flag) > 0 || given[flag].has_default();
}

/// The options with what was typed.
template <class Options, std::size_t n>
Options read(const std::array<soap::Setting<Options>, n>& table, const Use& use,
             const cxxopts::ParseResult& given, Options options) {
  for_each_flag(table, use, [&](const std::string& flag, const Setter<Options>& set) {
    if (is_there(given, flag)) set(options, given[flag].as<std::string>());
  });
  return options;
}

}  // namespace setting_flags
