#include "soap/base/spec.hpp"

#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

using soap::Spec;

namespace {

std::string message_of(const std::string& text) {
  try {
    Spec spec("rule", text);
    spec.take_integer("period", 100, 1);
    spec.take_choice("scale", "one", {"one", "norm"});
    spec.finish();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a spec gives its parameters, or the fallback") {
  Spec spec("rule", "sign:period=6400:scale=norm");
  CHECK(spec.name() == "sign");
  CHECK(spec.take_integer("period", 1, 1) == 6400);
  CHECK(spec.take_choice("scale", "one", {"one", "norm"}) == 1);
  CHECK(spec.take_number("noise", 0.5, 0) == 0.5);
  spec.finish();
}

TEST_CASE("a faulty spec is refused with a sentence that quotes it") {
  CHECK(message_of("sign") == "no error");
  CHECK(message_of("") == "rule '': found no name, expected NAME or NAME:KEY=VALUE:...");
  CHECK(message_of("sign:perod=3") ==
        "rule 'sign:perod=3': unknown parameter 'perod' (nearest: period, scale)");
  CHECK(message_of("sign:period") == "rule 'sign:period': found 'period', expected KEY=VALUE");
  CHECK(message_of("sign:period=0") ==
        "rule 'sign:period=0': period is 0, expected an integer of at least 1");
  CHECK(message_of("sign:period=ten") ==
        "rule 'sign:period=ten', parameter 'period': found 'ten', expected an integer");
  CHECK(message_of("sign:scale=two") == "rule 'sign:scale=two': scale is 'two', expected one of one, norm");
  CHECK(message_of("sign:period=1:period=2") ==
        "rule 'sign:period=1:period=2': parameter 'period' is given twice");
}
