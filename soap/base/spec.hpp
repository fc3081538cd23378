// The short language of options: "sign:period=6400:scale=norm" is a name and its parameters.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A parameter that a maker takes.
struct SpecParameter {
  std::string key;
  std::string fallback;  ///< empty where nothing stands for a parameter that is not given
  std::string values;    ///< what it may be: "an integer of at least 1", "one, norm or xavier"
  std::string meaning;   ///< may be empty
};

/// A parsed "name:key=value:...". Whoever makes the named thing takes the parameters it knows and then calls
/// `finish`, which refuses the ones nobody took. Every error is a std::invalid_argument that quotes the text.
///
/// What was taken also makes the canonical text, the same for all spellings of the same parameters: the name,
/// then the parameters whose values are not their fallbacks, in the order in which they were first taken,
/// numbers as values and in their shortest spelling. "sign:period=0100:scale=one" is "sign:period=100".
///
/// A spec that is `describing` shows what a maker takes instead. The last argument of each `take` is for
/// that: a few words on what the parameter means.
class Spec {
 public:
  /// `kind` is the word for messages, such as "rule".
  Spec(std::string kind, std::string_view text);
  /// Of a name alone, so that every parameter has its fallback; keeps a record of `parameters`.
  static Spec describing(std::string kind, std::string_view name);

  [[nodiscard]] const std::string& kind() const { return kind_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  /// The parameter's value, or `fallback` when the text does not give it.
  std::string take(const std::string& key, const std::string& fallback, std::string_view meaning = {});
  /// An integer of at least `least`.
  std::int64_t take_integer(const std::string& key, std::int64_t fallback, std::int64_t least,
                            std::string_view meaning = {});
  /// A finite number of at least `least`, and not one so small that a Scalar would make 0 of it.
  double take_number(const std::string& key, double fallback, double least, std::string_view meaning = {});
  /// Several of them, as in "1/0.5/0.1"; none when the text does not give them.
  std::vector<double> take_numbers(const std::string& key, std::string_view meaning = {});
  std::vector<std::int64_t> take_integers(const std::string& key, std::string_view meaning = {});
  /// One of `choices`; returns its position.
  std::size_t take_choice(const std::string& key, const std::string& fallback,
                          const std::vector<std::string>& choices, std::string_view meaning = {});
  /// For switches: true for "yes", false for "no".
  bool take_yes(const std::string& key, bool fallback, std::string_view meaning = {});

  /// Throws if a parameter was given that nobody took; the message names the nearest known ones.
  void finish() const;
  /// The canonical text of what has been taken.
  [[nodiscard]] std::string canonical() const;
  /// The same with all parameters, also those whose values are their fallbacks.
  [[nodiscard]] std::string complete() const;
  /// What has been taken from a spec that is `describing`, in the order in which it was first taken.
  [[nodiscard]] const std::vector<SpecParameter>& parameters() const { return parameters_; }
  /// Throws std::invalid_argument: kind, whole text, and then the given sentence.
  [[noreturn]] void fail(const std::string& sentence) const;

 private:
  struct Taken {
    std::string key;
    std::string value;
    bool differs;  // from the fallback
  };

  [[nodiscard]] const std::string* find(const std::string& key) const;
  [[nodiscard]] std::string describe(const std::string& key) const;
  void note(const std::string& key, std::string value, bool differs);
  void record(SpecParameter parameter);

  std::string kind_;
  std::string text_;
  std::string name_;
  std::map<std::string, std::string> given_;
  std::vector<Taken> taken_;
  bool describing_ = false;
  std::vector<SpecParameter> parameters_;
};

}  // namespace SOAP_ABI
}  // namespace soap
