// Answers to flags that ask what they take: `--rules help`, `--optimizer adam:help`.
#pragma once

#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/terminal.hpp"
#include "soap/data/named_digits.hpp"
#include "soap/trial/trial_settings.hpp"

#include "command_line.hpp"

namespace flag_help {

struct Topic {
  const char* flag;
  const char* separators;  // of texts that may stand side by side in its value
  std::optional<std::string> (*answer)(std::string_view text);
};

/// Those of the settings, and of flags that are no settings.
inline std::vector<Topic> topics() {
  std::vector<Topic> all = {{"baseline", ",/", soap::rule_help}, {"data", "", soap::digits_help}};
  for (const auto& row : soap::trial_settings) {
    if (row.flag.name != nullptr && row.names.help != nullptr)
      all.push_back({row.flag.name, row.names.separators, row.names.help});
  }
  return all;
}

/// Prints the answers that the flags ask for, and returns whether there were any. A program does that before
/// it checks anything else. Throws std::invalid_argument for a name that is unknown.
inline bool answered(const cxxopts::ParseResult& given) {
  std::string answers;
  for (const Topic& topic : topics()) {
    if (given.count(topic.flag) == 0) continue;
    const auto value = given[topic.flag].as<std::string>();
    std::string_view rest = value;
    while (true) {
      const std::size_t end = rest.find_first_of(topic.separators);
      if (const auto answer = topic.answer(rest.substr(0, end)))
        answers.append(answers.empty() ? "" : "\n").append(*answer);
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
  }
  constexpr std::size_t indent = 4;
  std::cout << soap::wrapped(answers, command_line::page_width(), indent);
  return !answers.empty();
}

}  // namespace flag_help
