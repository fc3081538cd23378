#include "soap/trial/method.hpp"

#include <stdexcept>
#include <string_view>

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr std::string_view between_rule_and_step = ", ";

}  // namespace

Method::Method(const std::string& rule, const std::string& step)
    : rule_(canonical_rule(rule)), step_(canonical_step(step)) {
  const Learning made = learning();
  step_ = made.kind;
  passes_ = made.step->passes();
  usual_lr_ = made.step->usual_lr();
}

Learning Method::learning() const {
  return make_learning(rule_, is_step_by_itself() ? TrialOptions().step : step_);
}

std::string method_name(const TrialOptions& options) {
  const bool said = options.step != TrialOptions().step && options.step != options.rule;
  return said ? std::string(options.rule).append(between_rule_and_step).append(options.step) : options.rule;
}

std::string canonical_method(const std::string& name) {
  const std::size_t comma = name.find(between_rule_and_step);
  const std::string rule = name.substr(0, comma);
  try {
    const Method method = comma == std::string::npos
                              ? Method(rule)
                              : Method(rule, name.substr(comma + between_rule_and_step.size()));
    return method_name({.rule = method.rule(), .step = method.step()});
  } catch (const std::invalid_argument&) {
    return name;
  }
}

}  // namespace SOAP_ABI
}  // namespace soap
