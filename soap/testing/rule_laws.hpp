// The laws of the house for learning rules, for the tests of whoever writes one.
#pragma once

#include <string>
#include <vector>

#include "soap/base/scalar.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace testing {

/// The laws that a rule breaks, one sentence each, with the first place where it does; none when it obeys
/// them all. `rule` and `step` are texts as for `make_learning`: of a registered feedback, or of a step that
/// is a rule by itself, and of a step that stands beside a rule.
///
///     for (const auto& law : soap::testing::broken_rule_laws("my_rule:strength=2")) std::cerr << law <<
///     '\n';
///
/// A feedback, on edges of many shapes (linearity, and that it treats each example by itself, hold by what a
/// rule is):
/// - says a matrix that fits, of finite numbers that are not all zero;
/// - says the same bits when asked again, on any number of threads, and from the same stream;
/// - shows its whole state: a new one that is given the state goes on with the same bits;
/// - is backpropagation bit for bit once the matrix "B" of its state is Wᵀ, or at the top layer "direct_B";
/// - does not take its matrix from W, if it says that no bits of W have crossed over; what it reads in
///   `before_step` is not checked, since a rule may measure W there through activity alone.
///
/// A rule of either kind, in small networks of 0 to 3 hidden layers, of which it may refuse those without,
/// under every activation and optimizer:
/// - moves the weights of every layer, to finite numbers;
/// - comes to the same bits when repeated, and on any number of threads;
/// - shows the whole state of its step: another one, prepared with the same seed, that is given it goes on
/// with
///   the same bits;
/// - updates nothing when the loss is not finite, and says so;
/// - shows errors that are finite, of the batch that it has seen, where it shows its last pass.
///
/// Throws std::invalid_argument when there is no such rule.
std::vector<std::string> broken_rule_laws(const std::string& rule, const std::string& step = "backward");

}  // namespace testing

}  // namespace SOAP_ABI
}  // namespace soap
