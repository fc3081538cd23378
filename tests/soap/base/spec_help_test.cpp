#include "soap/base/spec_help.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using soap::Spec;
using soap::spec_help;
using soap::SpecName;

namespace {

const std::vector<SpecName> names = {
    {"plain", "as it is", [](Spec&) {}},
    {"sign", "through signs",
     [](Spec& spec) {
       spec.take_integer("period", 100, 1, "of the copies");
       spec.take_choice("scale", "one", {"one", "norm"});
     }},
    {"needy", "",
     [](Spec& spec) {
       if (spec.take_integers("ends").empty()) spec.fail("found no ends, expected some");
     }},
};

}  // namespace

TEST_CASE("help lists all names with their parameters, and NAME:help what those are") {
  CHECK(spec_help("rule", names, "help") ==
        "plain - as it is\n"
        "sign:period=100:scale=one - through signs\n"
        "needy:ends=...\n"
        "NAME:help says what the parameters of one mean, as in needy:help\n");
  CHECK(spec_help("rule", names, "plain:help") == "plain - as it is\n  takes no parameters\n");
  const std::string sign =
      "sign - through signs\n"
      "  period=100  an integer of at least 1: of the copies\n"
      "  scale=one   one or norm\n";
  CHECK(spec_help("rule", names, "sign:help") == sign);
  CHECK(spec_help("rule", names, "sign:period=3:help") == sign);
}

TEST_CASE("a name that cannot stand alone says what it is that it needs") {
  CHECK(spec_help("rule", names, "needy:help") ==
        "needy\n"
        "  ends=...  integers, as in 5/8\n"
        "without parameters: rule 'needy': found no ends, expected some\n");
}

TEST_CASE("texts that do not ask for help get none, and unknown names the nearest") {
  for (const char* text : {"", "sign", "sign:scale=help", "helper", "sign:helps", "sign:help:period=3"})
    CHECK_FALSE(spec_help("rule", names, text).has_value());
  CHECK_THROWS_WITH_AS(spec_help("rule", names, "sgn:help"),
                       doctest::Contains("unknown rule 'sgn' (nearest: sign"), std::invalid_argument);
}
