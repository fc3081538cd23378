#include "soap/trial/method.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

using soap::canonical_method;
using soap::Method;

TEST_CASE("a method is made once from its texts, and knows what it is asked") {
  const Method fa("fa:init=xavier_normal", "soap:lr=1.0:warmup=0");
  CHECK(fa.rule() == "fa");
  CHECK(fa.step() == "soap:warmup=0");
  CHECK_FALSE(fa.is_step_by_itself());
  CHECK(fa.passes() == 2);
  CHECK(fa.learning().feedback == "fa");
  const Method pepita("pepita:scale=0.1");
  CHECK(pepita.step() == "pepita:scale=0.1");
  CHECK(pepita.is_step_by_itself());
  CHECK(pepita.passes() == 1);
  CHECK(pepita.usual_lr() == 0.5);
  CHECK(pepita.learning().step->passes() == 1);
  // From its own texts it is made again.
  CHECK(Method(pepita.rule(), pepita.step()).step() == pepita.step());
  CHECK_THROWS_AS(Method("pepita", "soap"), std::invalid_argument);
  CHECK_THROWS_AS(Method("fa", "pepita"), std::invalid_argument);
  CHECK_THROWS_AS(Method("af"), std::invalid_argument);
}

TEST_CASE("methods have names, one for all spellings, and unknown ones their own") {
  CHECK(soap::method_name({.rule = "fa"}) == "fa");
  CHECK(soap::method_name({.rule = "fa", .step = "soap"}) == "fa, soap");
  CHECK(soap::method_name(soap::canonical({.rule = "pepita"})) == "pepita");
  CHECK(canonical_method("sign:period=6400") == "sign");
  CHECK(canonical_method("fa, soap:lr=0.50") == "fa, soap:lr=0.5");
  CHECK(canonical_method("fa, backward") == "fa");
  CHECK(canonical_method("theirs:size=0.50") == "theirs:size=0.50");
}
