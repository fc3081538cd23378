// The program that writes docs/results/weight_transport.md.
#include <doctest/doctest.h>

#include "tests/apps/mnist_train.hpp"

using test::names_in;
using test::Outcome;
using test::Program;
using test::Words;
using test::Workshop;
using test::operator+;

namespace {

Outcome run(const Workshop& workshop, const Words& words) {
  Program program(words, {workshop.folder(), workshop.logs()});
  const int status = program.wait();
  return {status, program.out(), program.err()};
}

Words sweep(const std::string& rates, const std::string& out) {
  return {test::sweep_program,
          "--data",
          "synthetic:train=900:test=300",
          "--rules",
          "bp,fa,sign:period=128",
          "--validation",
          "300",
          "--lr",
          rates,
          "--seeds",
          "6",
          "--out",
          out,
          "--hidden",
          "12",
          "--threads",
          "1"};
}

bool says(const std::string& text, const std::string& words) {
  CAPTURE(words);
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("the page sets one learning rate beside each rule's best, with the pictures that it shows") {
  const Workshop workshop;
  REQUIRE(run(workshop, sweep("0.03", "one")).status == 0);
  REQUIRE(run(workshop, sweep("0.01,0.1,1", "best")).status == 0);
  const Words words = {test::weight_transport_program, "--one", "one", "--best", "best"};
  const Outcome outcome = run(workshop, words + Words{"--write", "page"});
  CHECK(outcome.status == 0);
  const auto folder = workshop.folder() / "page";
  const std::string page = test::text_of(folder / "weight_transport.md");
  CHECK(says(page, "- `fa` less `bp`: at lr 0.03 for both "));
  CHECK(says(page, "- `sign:period=128` less `bp`: at lr 0.03 for both "));
  CHECK(says(page, "On synthetic digits:"));
  CHECK(says(page, "### Each rule at its best learning rate"));
  CHECK(says(page, "| p no worse | p equal | verdict |"));
  CHECK(says(page, "- Seeds: 1 to 6."));
  CHECK(says(outcome.out, "- `fa` less `bp`: "));
  CHECK(names_in(folder / "images").size() >= 6);
  for (const auto& name : names_in(folder / "images")) CHECK(says(page, "](images/" + name + ")"));

  const Words unequal = {
      test::weight_transport_program, "--one", "one,one", "--best", "best", "--write", "other"};
  CHECK(run(workshop, unequal).err ==
        "weight_transport: --best: found 1 folders, expected 2, one for each of --one\n");
  CHECK(run(workshop, words).err == "weight_transport: --write: found none, expected a folder\n");
  const Words nowhere = {
      test::weight_transport_program, "--one", "one", "--best", "nowhere", "--write", "other"};
  CHECK(run(workshop, nowhere).status == 2);
  CHECK_FALSE(std::filesystem::exists(workshop.folder() / "other"));
}
