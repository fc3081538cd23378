#include "soap/base/registry.hpp"

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

using namespace soap;

namespace {

struct Tool {
  std::string made_by;
  double size = 0;
  double weight = 0;
};
using Tools = Registry<std::unique_ptr<Tool>, double>;

std::unique_ptr<Tool> make_saw(Spec& spec, double weight) {
  const double size = spec.take_number("size", 2, 0, "of its teeth");
  if (size > 9) spec.fail("size is above 9");
  return std::make_unique<Tool>(Tool{"saw", size, weight});
}

std::unique_ptr<Tool> make_file(Spec&, double weight) {
  return std::make_unique<Tool>(Tool{"file", 0, weight});
}

Tools tools() {
  return {"tool", {{"saw", "cuts", make_saw}, {"file", "", make_file}}, [](Spec& spec) {
            const double handle = spec.take_number("handle", 0, 0, "its weight");
            return [handle](std::unique_ptr<Tool>& made) { made->weight += handle; };
          }};
}

}  // namespace

TEST_CASE("a text makes the thing that it names, with its parameters, those of all, and what is given") {
  const Tools registry = tools();
  const auto saw = registry.make("saw:handle=0.5:size=3", 2);
  CHECK(saw->made_by == "saw");
  CHECK(saw->size == 3);
  CHECK(saw->weight == 2.5);
  CHECK(registry.make("file", 1)->weight == 1);
  CHECK(registry.names() == std::vector<std::string>{"file", "saw"});
  CHECK(registry.contains("saw"));
  CHECK_FALSE(registry.contains("saw:size=3"));
}

TEST_CASE("all spellings of the same parameters have one text, and one with all of them") {
  const Tools registry = tools();
  CHECK(registry.canonical("saw:handle=0.50:size=2.0", 1) == "saw:handle=0.5");
  CHECK(registry.complete("saw", 1) == "saw:size=2:handle=0");
}

TEST_CASE("an unknown name, parameter or value is refused with what was expected") {
  const Tools registry = tools();
  CHECK_THROWS_WITH_AS(registry.make("sew", 1), doctest::Contains("unknown tool 'sew' (nearest: saw"),
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(registry.make("saw:sice=3", 1),
                       "tool 'saw:sice=3': unknown parameter 'sice' (nearest: size, handle)",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(registry.canonical("saw:size=10", 1), "tool 'saw:size=10': size is above 9",
                       std::invalid_argument);
}

TEST_CASE("help shows names and parameters, those of all among them") {
  const Tools registry = tools();
  CHECK(registry.help("saw:help", 1) ==
        "saw - cuts\n"
        "  size=2    a number of at least 0: of its teeth\n"
        "  handle=0  a number of at least 0: its weight\n");
  CHECK(registry.help("help", 1)->find("file:handle=0\n") != std::string::npos);
  CHECK_FALSE(registry.help("saw", 1).has_value());
}

TEST_CASE("a name that is taken, that no text can begin with, or that asks for help is refused") {
  Tools registry = tools();
  registry.add({"pen", "", make_file});
  CHECK(registry.make("pen", 1)->made_by == "file");
  CHECK_THROWS_WITH_AS(registry.add({"saw", "", make_saw}), "tool name 'saw' is taken",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(registry.add({"help", "", make_saw}),
                       "tool name 'help': expected a name that does not ask for help", std::invalid_argument);
  for (const std::string name :
       {"", "a:b", "a=b", "a,b", "a/b", "a b", "a\n", "sch\xc3\xb6n", "\xff", "\x7f"}) {
    CAPTURE(name);
    CHECK_THROWS_WITH_AS(registry.add({name, "", make_saw}),
                         doctest::Contains("expected visible ASCII characters, without : = , /"),
                         std::invalid_argument);
  }
  CHECK(registry.names() == std::vector<std::string>{"file", "pen", "saw"});
}

TEST_CASE("what makes nothing is refused when it is registered, or when it has made nothing") {
  Tools registry = tools();
  CHECK_THROWS_WITH_AS(registry.add({"air", "", nullptr}), "tool 'air': found nothing to make it by",
                       std::invalid_argument);
  registry.add({"air", "", [](Spec&, double) { return std::unique_ptr<Tool>(); }});
  CHECK_THROWS_WITH_AS(registry.make("air", 1),
                       "tool 'air': found nothing made, expected what the name stands for",
                       std::invalid_argument);
}

TEST_CASE("a maker may itself make things by name") {
  Tools registry = tools();
  registry.add({"copy", "",
                [&](Spec& spec, double weight) { return registry.make(spec.take("of", "file"), weight); }});
  CHECK(registry.make("copy:of=saw", 1)->made_by == "saw");
  CHECK(registry.help("copy:help", 1)->find("of=file") != std::string::npos);
}

TEST_CASE("threads may register and make at once") {
  Tools registry = tools();
  std::atomic<int> made = 0;
  std::vector<std::thread> crew;
  constexpr int each = 50;
  for (const std::string name : {"a", "b", "c", "d"}) {
    crew.emplace_back([&registry, &made, name] {
      for (int i = 0; i < each; ++i) {
        registry.add({name + std::to_string(i), "", make_file});
        made += registry.make("saw", 1) != nullptr && registry.contains(name + std::to_string(i)) ? 1 : 0;
      }
    });
  }
  for (auto& worker : crew) worker.join();
  CHECK(made == 4 * each);
  CHECK(registry.names().size() == 2 + 4 * each);
}
