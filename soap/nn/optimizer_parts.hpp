// What the library's optimizers have in common.
#pragma once

#include "soap/base/spec.hpp"
#include "soap/linalg/matrix.hpp"
#include "soap/linalg/runs.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace detail {

/// Throw std::invalid_argument, "NAME: found VALUE, expected ...", for options out of range.
void check_option(bool valid, const char* name, double found, const char* expected);
void check_fraction(const char* name, double value);
void check_at_least_zero(const char* name, double value);

/// Parameters of texts that several optimizers take.
double take_epsilon(Spec& spec, double fallback);
double take_gradient_decay(Spec& spec, double fallback);

/// The name of state that is made anew in each step, as the gradient is.
inline constexpr const char* gradient_alone = "";

/// Calls step(i, W, count) for elements i ... i + count - 1 of the matrix, side by side from W on.
template <class Step>
void step_elements(Ref W, Step step) {
  const Index work = W.size() / 4;  // such a step does several elements at a time
  for_each_run(W, gapless(W), work,
               [&](Index col, Index count) { step(col * W.rows(), W.col(col).data(), count); });
}

}  // namespace detail

}  // namespace SOAP_ABI
}  // namespace soap
