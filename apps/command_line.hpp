// What the programs share: flags read with clear errors, and exit statuses.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cxxopts.hpp>
#include <exception>
#include <functional>
#include <iostream>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include "soap/base/error.hpp"
#include "soap/base/foreign_text.hpp"
#include "soap/base/terminal.hpp"
#include "soap/base/typed_value.hpp"
#include "soap/linalg/threads.hpp"

#include "flag_names.hpp"
#include "process.hpp"

namespace command_line {

inline constexpr int done = 0;
inline constexpr int bad_input = 2;

/// The columns that tables and paragraphs keep to: those of the terminal that shows them, else COLUMNS or 80.
inline std::size_t page_width() { return soap::screen_size(STDOUT_FILENO).columns; }

/// The group for options that stand for arguments without a flag; they are not shown in the help.
inline constexpr const char* positional = "positional";

inline std::vector<std::string> flag_groups(const cxxopts::Options& options) {
  std::vector<std::string> groups = options.groups();
  std::erase(groups, positional);
  return groups;
}

enum class Takes { anything, value };

/// All flags of a program as they are typed, "--out", or those that take a value.
inline std::vector<std::string> flags_of(const cxxopts::Options& options, Takes takes = Takes::anything) {
  std::vector<std::string> flags;
  for (const std::string& group : flag_groups(options)) {
    for (const auto& option : options.group_help(group).options) {
      if (takes == Takes::value && option.is_boolean) continue;
      for (const std::string& name : option.l) flags.push_back("--" + name);
    }
  }
  return flags;
}

/// Throws std::invalid_argument where a flag lacks its value. cxxopts would take a flag that follows for the
/// value: "--out --overwrite" would name a folder "--overwrite".
inline void check_values_are_given(const cxxopts::Options& options, int argc, const char* const* argv) {
  const auto flags = flags_of(options);
  const auto with_value = flags_of(options, Takes::value);
  const auto holds = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (int i = 1; i < argc; ++i) {
    if (!holds(with_value, argv[i])) continue;
    const std::string next = i + 1 < argc ? argv[i + 1] : "";
    const bool is_flag = holds(flags, next.substr(0, next.find('=')));
    if (i + 1 < argc && !is_flag) continue;
    throw std::invalid_argument(std::string(argv[i]) + ": found " +
                                (is_flag ? "the flag '" + next + "'" : "nothing after it") +
                                ", expected a value");
  }
}

/// Parses the command line. Returns nothing if it asks for help, which has then been printed; the options
/// must have a flag `help`. Throws std::invalid_argument for a flag that does not exist, with the
/// one that was meant or the nearest, for a flag without its value, and for an argument too many; cxxopts
/// throws for the rest.
inline std::optional<cxxopts::ParseResult> parse(cxxopts::Options& options, int argc,
                                                 const char* const* argv) {
  check_values_are_given(options, argc, argv);
  options.allow_unrecognised_options();
  cxxopts::ParseResult result = options.parse(argc, argv);
  if (result.count("help") > 0) {
    constexpr std::size_t least_for_two_columns = 60;
    options.set_width(std::max(page_width(), least_for_two_columns));
    std::cout << options.help(flag_groups(options));
    return std::nullopt;
  }
  for (const std::string& argument : result.unmatched()) {
    if (!argument.starts_with('-')) continue;
    const std::string flag = argument.substr(0, argument.find('='));
    throw std::invalid_argument(unknown_flag(flag, flags_of(options)));
  }
  if (!result.unmatched().empty()) {
    throw std::invalid_argument("found the extra argument '" + result.unmatched().front() +
                                "', expected no more");
  }
  return result;
}

/// A flag's number, a finite one above zero. Number flags are declared as text, so that errors can name them.
inline double positive_number(const cxxopts::ParseResult& result, const std::string& flag) {
  return soap::typed_positive("--" + flag, result[flag].as<std::string>());
}

/// A flag's integer, from `least` to `most`.
inline std::int64_t integer(const cxxopts::ParseResult& result, const std::string& flag, std::int64_t least,
                            std::int64_t most = std::numeric_limits<std::int64_t>::max()) {
  return soap::typed_integer("--" + flag, result[flag].as<std::string>(), least, most);
}

/// Runs a program's body and returns its exit status; bad usage and bad files become one sentence on stderr.
/// What is printed for a reader who has left is no loss: the rest of the work is done.
inline int run(std::string_view program, const std::function<int()>& body) {
  const auto complain = [&](const std::exception& error, int status) {
    std::cerr << program << ": " << soap::printable(error.what()) << '\n';
    return status;
  };
  try {
    process::set_up();
    const int status = body();
    if (soap::threads_were_refused())
      std::cerr << program
                << ": the system gave fewer threads than were asked for (see ulimit -u); that took "
                << "longer and changed no result\n";
    // What was to be read there is lost, as on a full disk.
    if (!std::cout.flush() && !process::reader_has_left())
      throw std::runtime_error("standard output: found no way to write all to it, expected room for it");
    return status;
  } catch (const std::invalid_argument& error) {
    return complain(error, bad_input);
  } catch (const soap::IoError& error) {
    return complain(error, bad_input);
  } catch (const cxxopts::exceptions::exception& error) {
    return complain(error, bad_input);
  } catch (const std::bad_alloc&) {
    return complain(std::runtime_error("found too little memory"), 1);
  } catch (const std::exception& error) {
    return complain(error, 1);
  }
}

}  // namespace command_line
