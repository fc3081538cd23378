#include "soap/base/spec.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

Spec::Spec(std::string kind, std::string_view text) : kind_(std::move(kind)), text_(text) {
  const auto parts = split(text, ':');
  name_ = parts.front();
  if (name_.empty()) fail("found no name, expected NAME or NAME:KEY=VALUE:...");
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t equal = parts[i].find('=');
    if (equal == std::string::npos || equal == 0 || equal + 1 == parts[i].size()) {
      fail("found '" + parts[i] + "', expected KEY=VALUE");
    }
    const bool fresh = given_.emplace(parts[i].substr(0, equal), parts[i].substr(equal + 1)).second;
    if (!fresh) fail("parameter '" + parts[i].substr(0, equal) + "' is given twice");
  }
}

std::string Spec::take(const std::string& key, std::string fallback) {
  known_.push_back(key);
  const auto found = given_.find(key);
  return found == given_.end() ? std::move(fallback) : found->second;
}

std::int64_t Spec::take_integer(const std::string& key, std::int64_t fallback, std::int64_t least) {
  const std::string value = take(key, std::to_string(fallback));
  const std::int64_t number = parse_integer(kind_ + " '" + text_ + "', parameter '" + key + "'", value);
  if (number < least)
    fail(key + " is " + value + ", expected an integer of at least " + std::to_string(least));
  return number;
}

double Spec::take_number(const std::string& key, double fallback, double least) {
  const std::string value = take(key, to_text(fallback));
  const double number = parse_number(kind_ + " '" + text_ + "', parameter '" + key + "'", value);
  if (!std::isfinite(number) || number < least) {
    fail(key + " is " + value + ", expected a number of at least " + to_text(least));
  }
  return number;
}

std::size_t Spec::take_choice(const std::string& key, const std::string& fallback,
                              const std::vector<std::string>& choices) {
  const std::string value = take(key, fallback);
  const auto found = std::find(choices.begin(), choices.end(), value);
  if (found == choices.end()) fail(key + " is '" + value + "', expected one of " + join(choices, ", "));
  return static_cast<std::size_t>(found - choices.begin());
}

void Spec::finish() const {
  for (const auto& [key, value] : given_) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      fail(known_.empty() ? "'" + name_ + "' takes no parameters, found '" + key + "'"
                          : unknown_name("parameter", key, known_));
    }
  }
}

void Spec::fail(const std::string& sentence) const {
  throw std::invalid_argument(kind_ + " '" + text_ + "': " + sentence);
}

}  // namespace soap::inline SOAP_ABI
