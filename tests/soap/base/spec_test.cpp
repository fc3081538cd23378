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

TEST_CASE("the canonical text holds what differs from its fallback, in the order in which it was taken") {
  const auto canonical = [](const std::string& text) {
    Spec spec("rule", text);
    spec.take_integer("period", 100, 1);
    spec.take_number("size", 0.5, 0);
    spec.take_choice("scale", "one", {"one", "norm"});
    spec.take_numbers("shares");
    spec.take_integers("ends");
    spec.take("note", "none");
    spec.finish();
    return spec.canonical();
  };
  CHECK(canonical("sign") == "sign");
  CHECK(canonical("sign:note=none:scale=one:size=5e-1:period=0100") == "sign");
  CHECK(canonical("sign:scale=norm:period=7") == canonical("sign:period=07:scale=norm"));
  CHECK(canonical("sign:scale=norm:period=7") == "sign:period=7:scale=norm");
  for (const char* size : {"0.9", "0.90", ".9", "9e-1", "90E-02"})
    CHECK(canonical(std::string("sign:size=") + size) == "sign:size=0.9");
  CHECK(canonical("sign:size=-0") == "sign:size=0");
  CHECK(canonical("sign:size=1e-3") == "sign:size=0.001");
  CHECK(canonical("sign:ends=05/8:shares=1.0/-0/5e-1") == "sign:shares=1/0/0.5:ends=5/8");
  CHECK(canonical("sign:note=1e0") == "sign:note=1e0");
}

TEST_CASE("a fallback may depend on what was taken, and a parameter may be taken twice") {
  const auto canonical = [](const std::string& text) {
    Spec spec("rule", text);
    const auto period = spec.take_integer("period", 100, 1);
    spec.take_integer("delay", 2 * period, 0);
    if (!spec.take("size", "").empty()) spec.take_number("size", 0.5, 0);
    spec.finish();
    return spec.canonical();
  };
  CHECK(canonical("sign:delay=200") == "sign");
  CHECK(canonical("sign:period=50:delay=100") == "sign:period=50");
  CHECK(canonical("sign:period=50:delay=200") == "sign:period=50:delay=200");
  // To be given at all makes a difference here.
  CHECK(canonical("sign:size=0.50") == "sign:size=0.5");
}

TEST_CASE("a number that would be 0 in training is refused unless it is 0") {
  Spec spec("optimizer", "sgd:weight_decay=1e-50:momentum=0:smallest=1e-45");
  CHECK_THROWS_WITH_AS(
      spec.take_number("weight_decay", 0, 0),
      "optimizer 'sgd:weight_decay=1e-50:momentum=0:smallest=1e-45': weight_decay is 1e-50, which "
      "rounds to 0, expected 0 or at least 1e-45",
      std::invalid_argument);
  CHECK(spec.take_number("momentum", 0.5, 0) == 0);
  CHECK(spec.take_number("smallest", 0, 0) == 1e-45);
}

TEST_CASE("a spec that describes keeps a record of what is taken, the last of what is taken twice") {
  Spec spec = Spec::describing("rule", "sign");
  CHECK(spec.take("note", "none", "for people") == "none");
  CHECK(spec.take_integer("period", 100, 1, "of the copies") == 100);
  CHECK(spec.take_number("size", 0.5, 0) == 0.5);
  CHECK(spec.take_choice("scale", "norm", {"one", "norm", "xavier"}) == 1);
  CHECK(spec.take_yes("direct", true));
  CHECK(spec.take_numbers("shares").empty());
  CHECK(spec.take_integers("ends").empty());
  spec.take_integer("note", 3, 2);
  spec.finish();
  std::string record;
  for (const soap::SpecParameter& parameter : spec.parameters())
    record +=
        parameter.key + "|" + parameter.fallback + "|" + parameter.values + "|" + parameter.meaning + "\n";
  CHECK(record ==
        "note|3|an integer of at least 2|\n"
        "period|100|an integer of at least 1|of the copies\n"
        "size|0.5|a number of at least 0|\n"
        "scale|norm|one, norm or xavier|\n"
        "direct|yes|no or yes|\n"
        "shares||numbers, as in 1/0.5/0.1|\n"
        "ends||integers, as in 5/8|\n");

  Spec silent("rule", "sign");
  silent.take_integer("period", 100, 1);
  CHECK(silent.parameters().empty());
}
