#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

#include "soap/feedback/random.hpp"
#include "soap/feedback/registry.hpp"
#include "soap/feedback/sign.hpp"

#include "tests/support/feedback_state.hpp"
#include "tests/support/feedbacks.hpp"

using namespace soap;

namespace {

Matrix initialized_B(Feedback& feedback, Index in, Index out) {
  Rng rng(1, "feedback");
  feedback.initialize({.in = in, .out = out, .n_out = out}, rng);
  return get_matrix(feedback, "B");
}

// A user's own rule.
class Halved final : public Feedback {
 public:
  void before_step(ConstRef W, std::int64_t) override { half_ = W / 2; }
  [[nodiscard]] Way way(ConstRef) const override { return {half_.transpose()}; }
  Matrix half_;
};

}  // namespace

TEST_CASE(
    "sign keeps its random B until another period of examples has been seen, then takes the signs of W") {
  Matrix W = random_matrix(3, 4, 1);
  W(1, 2) = 0;
  SignFeedback feedback({.period = 100});
  const Matrix random = initialized_B(feedback, 4, 3);
  feedback.before_step(W, 0);
  feedback.before_step(W, 99);
  CHECK(same_bits(get_matrix(feedback, "B"), random));
  feedback.before_step(W, 100);
  const Matrix signs = W.transpose().array().sign();
  CHECK(same_bits(get_matrix(feedback, "B"), signs));
  feedback.before_step(-W, 199);
  CHECK(same_bits(get_matrix(feedback, "B"), signs));
  feedback.before_step(-W, 350);  // two periods at once are one refresh
  CHECK(get_matrix(feedback, "B") == -signs);
  feedback.before_step(W, 399);
  CHECK(get_matrix(feedback, "B") == -signs);
}

TEST_CASE(
    "the scales of sign are one, the Frobenius norm of W spread over its nonzeros, and Xavier's deviation") {
  Matrix W(2, 3);
  W << 3, 0, -4,  //
      0, 0, 12;
  const Matrix signs = W.transpose().array().sign();
  const auto refreshed = [&](SignScale scale) {
    SignFeedback feedback({.period = 1, .scale = scale});
    initialized_B(feedback, 3, 2);
    feedback.before_step(W, 1);
    return get_matrix(feedback, "B");
  };
  CHECK(same_bits(refreshed(SignScale::one), signs));
  CHECK(largest_difference(refreshed(SignScale::norm), signs * static_cast<Scalar>(13 / std::sqrt(3.0))) <
        1e-6);
  CHECK(refreshed(SignScale::norm).norm() == doctest::Approx(13));
  CHECK(largest_difference(refreshed(SignScale::xavier), signs * static_cast<Scalar>(std::sqrt(2.0 / 5))) <
        1e-6);
  W.setZero();
  CHECK(refreshed(SignScale::norm).isZero(0));
}

TEST_CASE("the random B has the deviation of its initializer and never changes") {
  RandomFeedback feedback({.initializer = Initializer::kaiming_normal});
  const Matrix B = initialized_B(feedback, 300, 200);
  CHECK(std::sqrt(B.squaredNorm() / static_cast<Scalar>(B.size())) ==
        doctest::Approx(std::sqrt(2.0 / 300)).epsilon(0.02));
  feedback.before_step(random_matrix(200, 300, 1), 1'000'000);
  CHECK(same_bits(get_matrix(feedback, "B"), B));
}

TEST_CASE("a stored B that was never initialized is an error") {
  const Matrix delta = Matrix::Ones(3, 1);
  CHECK_THROWS_WITH_AS(
      error_below(RandomFeedback(), Matrix::Ones(3, 4), delta),
      "rule 'bp': found a matrix of 0x0 for dense 4-3, expected 4x3; was the network initialized "
      "and before_step called?",
      std::logic_error);
}

TEST_CASE("rules are made by name, a user's own among them") {
  register_feedback("halved", [](Spec&) { return std::make_unique<Halved>(); });
  const Matrix W = random_matrix(3, 4, 1);
  const Matrix delta = random_matrix(3, 2, 2);
  const Matrix expected = W.transpose() * delta / 2;
  const auto halved = make_feedback("halved");
  halved->before_step(W, 0);
  CHECK(largest_difference(error_below(*halved, W, delta), expected) < 1e-6);
  CHECK_THROWS_AS(register_feedback("halved", [](Spec&) { return std::make_unique<Halved>(); }),
                  std::invalid_argument);
  CHECK_THROWS_AS(register_feedback("a:b", [](Spec&) { return std::make_unique<Halved>(); }),
                  std::invalid_argument);
  CHECK_THROWS_AS(register_feedback("", [](Spec&) { return std::make_unique<Halved>(); }),
                  std::invalid_argument);
}

TEST_CASE("a wrong rule, parameter or value is refused with what was expected") {
  CHECK_THROWS_WITH_AS(make_feedback("sgn"), doctest::Contains("unknown rule 'sgn' (nearest: sign"),
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(make_feedback("sign:perid=3"),
                       "rule 'sign:perid=3': unknown parameter 'perid' (nearest: period, init, scale)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(make_feedback("bp:period=3"),
                       "rule 'bp:period=3': 'bp' takes no parameters, found 'period'", std::invalid_argument);
  CHECK_THROWS_AS(make_feedback("sign:period=0"), std::invalid_argument);
  CHECK_THROWS_AS(make_feedback("fa:init=zeros"), std::invalid_argument);
  CHECK_THROWS_AS(SignFeedback({.period = 0}), std::invalid_argument);
}

TEST_CASE("the parameters that help shows are those that rules take, with their fallbacks") {
  register_feedback(
      "described",
      [](Spec& spec) {
        spec.take_number("rate", 0.25, 0, "of the descent");
        return std::make_unique<Halved>();
      },
      "a rule of the user's own");
  for (const SpecName& entry : feedback_entries()) {
    CAPTURE(entry.name);
    Spec spec = Spec::describing("rule", entry.name);
    entry.take(spec);
    std::string text = entry.name;
    for (const SpecParameter& parameter : spec.parameters())
      text.append(":").append(parameter.key).append("=").append(parameter.fallback);
    CHECK(make_feedback(text)->rule() == entry.name);
  }
  CHECK(spec_help("rule", feedback_entries(), "described:help") ==
        "described - a rule of the user's own\n"
        "  rate=0.25  a number of at least 0: of the descent\n");
  CHECK(spec_help("rule", feedback_entries(), "help")
            ->find("\nsign:period=6400:scale=one:init=xavier_normal - through the signs of W") !=
        std::string::npos);
  CHECK_THROWS_WITH_AS(register_feedback("help", [](Spec&) { return std::make_unique<Halved>(); }),
                       "rule name 'help': expected a name that does not ask for help", std::invalid_argument);
}
