#include "soap/base/spec.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <utility>

#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

// -0 is 0 in another spelling.
double plus_zero(double number) { return number == 0 ? 0 : number; }

// A number that a Scalar would make 0 of trains nothing.
void check_size(const Spec& spec, const std::string& key, double number) {
  if (number != 0 && static_cast<Scalar>(number) == 0)
    spec.fail(key + " is " + to_text(number) + ", which rounds to 0, expected 0 or at least " +
              least_scalar());
}

std::string integer_from(std::int64_t least) { return "an integer of at least " + std::to_string(least); }

std::string number_from(double least) { return "a number of at least " + to_text(least); }

// "one, norm or xavier".
std::string any_of_these(const std::vector<std::string>& choices) {
  if (choices.size() < 2) return join(choices, "");
  const std::span<const std::string> all(choices);
  return join(all.first(all.size() - 1), ", ") + " or " + choices.back();
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

Spec Spec::describing(std::string kind, std::string_view name) {
  Spec spec(std::move(kind), name);
  spec.describing_ = true;
  return spec;
}

std::string Spec::take(const std::string& key, const std::string& fallback, std::string_view meaning) {
  if (describing_) record({key, fallback, "a text", std::string(meaning)});
  const std::string* given = find(key);
  note(key, given == nullptr ? fallback : *given, given != nullptr && *given != fallback);
  return given == nullptr ? fallback : *given;
}

std::int64_t Spec::take_integer(const std::string& key, std::int64_t fallback, std::int64_t least,
                                std::string_view meaning) {
  if (describing_) record({key, std::to_string(fallback), integer_from(least), std::string(meaning)});
  const std::string* given = find(key);
  const std::int64_t number = given == nullptr ? fallback : parse_integer(describe(key), *given);
  const std::string text = std::to_string(number);
  if (number < least) fail(key + " is " + text + ", expected " + integer_from(least));
  note(key, text, number != fallback);
  return number;
}

double Spec::take_number(const std::string& key, double fallback, double least, std::string_view meaning) {
  if (describing_) record({key, to_text(fallback), number_from(least), std::string(meaning)});
  const std::string* given = find(key);
  const double number = given == nullptr ? fallback : plus_zero(parse_number(describe(key), *given));
  if (!std::isfinite(number) || number < least) {
    fail(key + " is " + (given == nullptr ? to_text(number) : *given) + ", expected " + number_from(least));
  }
  check_size(*this, key, number);
  note(key, to_text(number), number != fallback);
  return number;
}

std::vector<double> Spec::take_numbers(const std::string& key, std::string_view meaning) {
  if (describing_) record({key, "", "numbers, as in 1/0.5/0.1", std::string(meaning)});
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

std::vector<std::int64_t> Spec::take_integers(const std::string& key, std::string_view meaning) {
  if (describing_) record({key, "", "integers, as in 5/8", std::string(meaning)});
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
                              const std::vector<std::string>& choices, std::string_view meaning) {
  const std::string value = take(key, fallback);
  if (describing_) record({key, fallback, any_of_these(choices), std::string(meaning)});
  const auto found = std::find(choices.begin(), choices.end(), value);
  if (found == choices.end()) fail(key + " is '" + value + "', expected one of " + join(choices, ", "));
  return static_cast<std::size_t>(found - choices.begin());
}

bool Spec::take_yes(const std::string& key, bool fallback, std::string_view meaning) {
  return take_choice(key, fallback ? "yes" : "no", {"no", "yes"}, meaning) == 1;
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

void Spec::record(SpecParameter parameter) {
  const auto same = [&](const SpecParameter& other) { return other.key == parameter.key; };
  const auto found = std::find_if(parameters_.begin(), parameters_.end(), same);
  if (found == parameters_.end()) {
    parameters_.push_back(std::move(parameter));
  } else {
    *found = std::move(parameter);
  }
}

void Spec::fail(const std::string& sentence) const {
  throw std::invalid_argument(kind_ + " '" + text_ + "': " + sentence);
}

}  // namespace SOAP_ABI
}  // namespace soap
