#include "soap/base/spec.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "soap/base/text.hpp"

namespace soap::inline SOAP_ABI {

namespace {

// -0 is 0 in another spelling.
double plus_zero(double number) { return number == 0 ? 0 : number; }

// A number that a Scalar would make 0 of trains nothing.
void check_size(const Spec& spec, const std::string& key, double number) {
  if (number != 0 && static_cast<Scalar>(number) == 0)
    spec.fail(key + " is " + to_text(number) + ", which rounds to 0, expected 0 or at least " +
              least_scalar());
}

}  // namespace

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

std::string Spec::take(const std::string& key, const std::string& fallback) {
  const std::string* given = find(key);
  note(key, given == nullptr ? fallback : *given, given != nullptr && *given != fallback);
  return given == nullptr ? fallback : *given;
}

std::int64_t Spec::take_integer(const std::string& key, std::int64_t fallback, std::int64_t least) {
  const std::string* given = find(key);
  const std::int64_t number = given == nullptr ? fallback : parse_integer(describe(key), *given);
  const std::string text = std::to_string(number);
  if (number < least)
    fail(key + " is " + text + ", expected an integer of at least " + std::to_string(least));
  note(key, text, number != fallback);
  return number;
}

double Spec::take_number(const std::string& key, double fallback, double least) {
  const std::string* given = find(key);
  const double number = given == nullptr ? fallback : plus_zero(parse_number(describe(key), *given));
  if (!std::isfinite(number) || number < least) {
    fail(key + " is " + (given == nullptr ? to_text(number) : *given) + ", expected a number of at least " +
         to_text(least));
  }
  check_size(*this, key, number);
  note(key, to_text(number), number != fallback);
  return number;
}

std::vector<double> Spec::take_numbers(const std::string& key) {
  std::vector<double> numbers;
  std::vector<std::string> texts;
  if (const std::string* given = find(key)) {
    for (const std::string& part : split(*given, '/')) {
      numbers.push_back(plus_zero(parse_number(describe(key), part)));
      check_size(*this, key, numbers.back());
      texts.push_back(to_text(numbers.back()));
    }
  }
  note(key, join(texts, "/"), !numbers.empty());
  return numbers;
}

std::vector<std::int64_t> Spec::take_integers(const std::string& key) {
  std::vector<std::int64_t> numbers;
  std::vector<std::string> texts;
  if (const std::string* given = find(key)) {
    for (const std::string& part : split(*given, '/')) {
      numbers.push_back(parse_integer(describe(key), part));
      texts.push_back(std::to_string(numbers.back()));
    }
  }
  note(key, join(texts, "/"), !numbers.empty());
  return numbers;
}

std::size_t Spec::take_choice(const std::string& key, const std::string& fallback,
                              const std::vector<std::string>& choices) {
  const std::string value = take(key, fallback);
  const auto found = std::find(choices.begin(), choices.end(), value);
  if (found == choices.end()) fail(key + " is '" + value + "', expected one of " + join(choices, ", "));
  return static_cast<std::size_t>(found - choices.begin());
}

void Spec::finish() const {
  std::vector<std::string> known;
  for (const Taken& taken : taken_) known.push_back(taken.key);
  for (const auto& [key, value] : given_) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      fail(known.empty() ? "'" + name_ + "' takes no parameters, found '" + key + "'"
                         : unknown_name("parameter", key, known));
    }
  }
}

std::string Spec::canonical() const {
  std::string text = name_;
  for (const Taken& taken : taken_) {
    if (taken.differs) text.append(":").append(taken.key).append("=").append(taken.value);
  }
  return text;
}

std::string Spec::complete() const {
  std::string text = name_;
  for (const Taken& taken : taken_) text.append(":").append(taken.key).append("=").append(taken.value);
  return text;
}

const std::string* Spec::find(const std::string& key) const {
  const auto found = given_.find(key);
  return found == given_.end() ? nullptr : &found->second;
}

std::string Spec::describe(const std::string& key) const {
  return kind_ + " '" + text_ + "', parameter '" + key + "'";
}

void Spec::note(const std::string& key, std::string value, bool differs) {
  const auto same = [&](const Taken& taken) { return taken.key == key; };
  const auto found = std::find_if(taken_.begin(), taken_.end(), same);
  if (found == taken_.end()) {
    taken_.push_back({key, std::move(value), differs});
    return;
  }
  // Taken once more, perhaps as a number after it was taken as a text.
  found->value = std::move(value);
  found->differs = found->differs || differs;
}

void Spec::fail(const std::string& sentence) const {
  throw std::invalid_argument(kind_ + " '" + text_ + "': " + sentence);
}

}  // namespace soap::inline SOAP_ABI
