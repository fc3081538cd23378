#include <stdexcept>
#include <string>

#include "soap/trial/trial_settings.hpp"

#include "tests/fuzz/readers.hpp"

namespace fuzz {

// Every setting as it is typed. The form that all spellings share is one of them.
bool spec(std::string_view bytes) {
  bool any = false;
  for (const auto& setting : soap::trial_settings) {
    const auto form = [&](const std::string& text) {
      soap::TrialOptions options;
      setting.parse("--flag", text, options);
      setting.make_canonical(options);
      return setting.text(options);
    };
    any |= taken<std::invalid_argument>([&] {
      const std::string text = form(std::string(bytes));
      require(form(text) == text, "a canonical text with another canonical text");
    });
  }
  return any;
}

}  // namespace fuzz
