// Things that a text names, such as "sign:period=6400": those of the library and those of its users.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "soap/base/spec.hpp"
#include "soap/base/spec_help.hpp"
#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Throws std::invalid_argument, "KIND name 'NAME': ...", unless it is a name that a text may begin with:
/// visible ASCII characters without those that the language of texts uses (: = , /), and not "help".
void check_name(std::string_view kind, std::string_view name);

/// Throws std::invalid_argument, "KIND name 'NAME' ...", for a name that something else of its kind has.
[[noreturn]] void refuse_taken_name(std::string_view kind, std::string_view name,
                                    std::string_view owner = {});

/// Makes things of one kind, each from the name at the start of a text and the parameters after it; `Given`
/// is what it takes besides to make one. Any number of threads may use it at once.
template <class Made, class... Given>
class Registry {
 public:
  /// Takes the parameters and makes the thing; throws std::invalid_argument for values that it refuses.
  using Maker = std::function<Made(Spec&, Given...)>;
  struct Entry {
    std::string name;
    std::string meaning;  ///< in a few words, for whoever asks for help
    Maker maker;
  };
  /// Takes the parameters that all texts of the kind may have, after those of their names, and returns what
  /// these do to the thing that was made.
  using Shared = std::function<std::function<void(Made&)>(Spec&)>;

  /// `kind`: the word for messages, such as "rule".
  Registry(std::string kind, std::vector<Entry> entries, Shared shared = nothing_shared)
      : kind_(std::move(kind)), shared_(std::move(shared)) {
    for (Entry& entry : entries) add(std::move(entry));
  }

  /// Throws std::invalid_argument for a name that is taken or that `check_name` refuses, and when there is no
  /// maker.
  void add(Entry entry) {
    check_name(kind_, entry.name);
    if (!entry.maker)
      throw std::invalid_argument(kind_ + " '" + entry.name + "': found nothing to make it by");
    const std::scoped_lock lock(mutex_);
    const std::string name = entry.name;
    if (!entries_.emplace(name, std::move(entry)).second) refuse_taken_name(kind_, name);
  }

  [[nodiscard]] bool contains(std::string_view name) const {
    const std::scoped_lock lock(mutex_);
    return entries_.find(name) != entries_.end();
  }

  /// Throws std::invalid_argument, with the nearest valid names, when the name, a parameter or a value is
  /// unknown.
  [[nodiscard]] Made make(Spec& spec, Given... given) const {
    Made made = take(maker_of(spec.name()), spec, given...);
    if (!made) spec.fail("found nothing made, expected what the name stands for");
    spec.finish();
    return made;
  }
  [[nodiscard]] Made make(std::string_view text, Given... given) const {
    Spec spec(kind_, text);
    return make(spec, given...);
  }

  /// The text that all spellings of the same parameters share, see Spec, and the same with all parameters.
  /// Throw as `make`.
  [[nodiscard]] std::string canonical(std::string_view text, Given... given) const {
    Spec spec(kind_, text);
    (void)make(spec, given...);
    return spec.canonical();
  }
  [[nodiscard]] std::string complete(std::string_view text, Given... given) const {
    Spec spec(kind_, text);
    (void)make(spec, given...);
    return spec.complete();
  }

  /// Sorted.
  [[nodiscard]] std::vector<std::string> names() const {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> names;
    names.reserve(entries_.size());
    for (const auto& [name, entry] : entries_) names.push_back(name);
    return names;
  }
  /// The same with what they mean and take.
  [[nodiscard]] std::vector<SpecName> entries(Given... given) const {
    const std::scoped_lock lock(mutex_);
    std::vector<SpecName> names;
    names.reserve(entries_.size());
    for (const auto& [name, entry] : entries_) {
      names.push_back({name, entry.meaning, [this, maker = entry.maker, given...](Spec& spec) {
                         (void)take(maker, spec, given...);
                       }});
    }
    return names;
  }
  /// What a text such as "help" or "sign:help" asks to know, see `spec_help`.
  [[nodiscard]] std::optional<std::string> help(std::string_view text, Given... given) const {
    return spec_help(kind_, entries(given...), text);
  }

 private:
  static std::function<void(Made&)> nothing_shared(Spec&) {
    return [](Made&) {};
  }

  [[nodiscard]] Maker maker_of(const std::string& name) const {
    {
      const std::scoped_lock lock(mutex_);
      if (const auto found = entries_.find(name); found != entries_.end()) return found->second.maker;
    }
    throw std::invalid_argument(unknown_name(kind_, name, names()));
  }

  Made take(const Maker& maker, Spec& spec, Given... given) const {
    Made made = [&] {
      try {
        return maker(spec, given...);
      } catch (const std::invalid_argument&) {
        (void)shared_(spec);  // for whoever asks for help with a name that needs a parameter
        throw;
      }
    }();
    const auto finish = shared_(spec);
    if (made) finish(made);
    return made;
  }

  std::string kind_;
  Shared shared_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
};

/// A maker of what takes no parameters.
template <class T>
std::unique_ptr<T> make_plain(Spec&) {
  return std::make_unique<T>();
}

}  // namespace SOAP_ABI
}  // namespace soap
