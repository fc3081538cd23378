// What the programs share: flags read with clear errors, and exit statuses.
#pragma once

#include <cstdint>
#include <cxxopts.hpp>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/error.hpp"
#include "soap/base/text.hpp"

namespace command_line {

inline constexpr int done = 0;
inline constexpr int bad_input = 2;

/// The group for options that stand for arguments without a flag; they are not shown in the help.
inline constexpr const char* positional = "positional";

inline std::vector<std::string> flag_groups(const cxxopts::Options& options) {
  std::vector<std::string> groups = options.groups();
  std::erase(groups, positional);
  return groups;
}

/// All flags of a program as they are typed, "--out".
inline std::vector<std::string> flags_of(const cxxopts::Options& options) {
  std::vector<std::string> flags;
  for (const std::string& group : flag_groups(options)) {
    for (const auto& option : options.group_help(group).options) {
      for (const std::string& name : option.l) flags.push_back("--" + name);
    }
  }
  return flags;
}

/// Parses the command line. Returns nothing if it asks for help, which has then been printed; the options
/// must have a flag `help`. Throws std::invalid_argument for a flag that does not exist, with the nearest
/// ones that do, and for an argument too many; cxxopts throws for the rest.
inline std::optional<cxxopts::ParseResult> parse(cxxopts::Options& options, int argc,
                                                 const char* const* argv) {
  options.allow_unrecognised_options();
  cxxopts::ParseResult result = options.parse(argc, argv);
  if (result.count("help") > 0) {
    std::cout << options.help(flag_groups(options));
    return std::nullopt;
  }
  for (const std::string& argument : result.unmatched()) {
    if (!argument.starts_with('-')) continue;
    const std::string flag = argument.substr(0, argument.find('='));
    throw std::invalid_argument(soap::unknown_name("flag", flag, flags_of(options)));
  }
  if (!result.unmatched().empty()) {
    throw std::invalid_argument("found the extra argument '" + result.unmatched().front() +
                                "', expected no more");
  }
  return result;
}

/// A flag's number, a finite one above zero. Number flags are declared as text, so that errors can name them.
inline double positive_number(const cxxopts::ParseResult& result, const std::string& flag) {
  const auto text = result[flag].as<std::string>();
  const double number = soap::parse_number("--" + flag, text);
  constexpr double most = 1e300;
  if (!(number > 0 && number <= most)) {
    throw std::invalid_argument("--" + flag + ": found '" + text + "', expected a number above 0");
  }
  return number;
}

/// A flag's integer, at least `least`.
inline std::int64_t integer(const cxxopts::ParseResult& result, const std::string& flag, std::int64_t least) {
  const auto text = result[flag].as<std::string>();
  const std::int64_t number = soap::parse_integer("--" + flag, text);
  if (number < least) {
    throw std::invalid_argument("--" + flag + ": found '" + text + "', expected an integer of at least " +
                                std::to_string(least));
  }
  return number;
}

/// Runs a program's body and returns its exit status; bad usage and bad files become one sentence on stderr.
inline int run(std::string_view program, const std::function<int()>& body) {
  const auto complain = [&](const std::exception& error, int status) {
    std::cerr << program << ": " << error.what() << '\n';
    return status;
  };
  try {
    return body();
  } catch (const std::invalid_argument& error) {
    return complain(error, bad_input);
  } catch (const soap::IoError& error) {
    return complain(error, bad_input);
  } catch (const cxxopts::exceptions::exception& error) {
    return complain(error, bad_input);
  } catch (const std::exception& error) {
    return complain(error, 1);
  }
}

}  // namespace command_line
