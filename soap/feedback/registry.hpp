// Learning rules by name: the language of command lines and result files.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/spec.hpp"
#include "soap/base/spec_help.hpp"
#include "soap/feedback/feedback.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Makes one edge's feedback from the parameters of a text such as "sign:period=6400:scale=norm".
using FeedbackFactory = std::function<std::unique_ptr<Feedback>(Spec&)>;

/// Makes a feedback from its text: "bp", "fa:init=kaiming_normal", "sign:period=6400:scale=norm", or a name
/// that the program registered. Throws std::invalid_argument, with the nearest valid names, when the rule, a
/// parameter or a parameter's value is unknown. What it makes knows its canonical text as `rule()`.
std::unique_ptr<Feedback> make_feedback(std::string_view text);

/// Gives a name to a rule of the user's own; `meaning` is a few words on it for whoever asks for help. Throws
/// std::invalid_argument when the name is taken or no name, see `check_name`.
void register_feedback(const std::string& name, FeedbackFactory factory, std::string meaning = "");

/// Every name that `make_feedback` knows, sorted.
std::vector<std::string> feedback_names();
/// The same with what they mean and take.
std::vector<SpecName> feedback_entries();

}  // namespace SOAP_ABI
}  // namespace soap
