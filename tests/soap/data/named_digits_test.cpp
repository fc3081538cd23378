#include "soap/data/named_digits.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

using soap::NamedDigits;
using soap::open_digits;

TEST_CASE("synthetic digits say what they are and what names them again") {
  const NamedDigits digits = open_digits("synthetic:train=30:test=20", "data");
  CHECK(digits.data.train.size() == 30);
  CHECK(digits.data.test.size() == 20);
  CHECK(digits.description == "synthetic digits, seed 1, 30 training and 20 test images");
  CHECK(digits.source == "synthetic:train=30:test=20:seed=1");
  CHECK(open_digits(digits.source, "data").description == digits.description);
}

TEST_CASE("held-out training images stand in for the test set") {
  NamedDigits digits = open_digits("synthetic:train=100:test=20", "data");
  soap::hold_out(digits, 40, "validation");
  CHECK(digits.data.train.size() == 60);
  CHECK(digits.data.test.size() == 40);
  CHECK(digits.description.ends_with("the training images 40 are held out and stand in for the test set"));
  CHECK_THROWS_WITH_AS(soap::hold_out(digits, 60, "validation"),
                       "validation: found 60, expected fewer than the 60 training images",
                       std::invalid_argument);
}

TEST_CASE("a text that names no digits is refused by the name of who gave it") {
  CHECK_THROWS_WITH_AS(
      open_digits("no/such", "my flag"),
      "my flag: found 'no/such', which is no folder, expected one with the files of MNIST (or synthetic)",
      std::invalid_argument);
  CHECK_THROWS_AS(open_digits("synthetic:images=3", "my flag"), std::invalid_argument);
}
