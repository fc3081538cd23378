// Pictures that a trial is done with in no time.
#pragma once

#include "soap/data/synthetic_digits.hpp"

namespace test {

/// 200 to train on and 50 to be judged by.
inline const soap::TrainTest& trial_digits() {
  static const soap::TrainTest digits = soap::synthetic_digits({.train = 200, .test = 50, .seed = 1});
  return digits;
}

}  // namespace test
