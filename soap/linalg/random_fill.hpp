// Matrices filled with random numbers many at a time, on several threads: for what is drawn at each step.
#pragma once

#include <cstdint>

#include "soap/linalg/matrix.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Which numbers: each draw with another of the two has numbers of its own. They are made in chunks of 2048,
/// each from sixteen xoshiro128++ generators side by side (Blackman and Vigna, 2019), whose states
/// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011) makes from (key, draw, chunk, generator). They have
/// the same bits on any number of threads and every instruction set.
struct RandomDraw {
  std::uint64_t key;
  std::uint64_t draw;
};

/// Fills `values`, in column-major order, with normal numbers of this standard deviation and mean 0 (Box and
/// Muller, 1958), each pair made from two words of 32 bits, of which
/// the first sets its size with 31: none is farther from 0 than 6.7 deviations. Throws
/// std::invalid_argument when there are gaps between the columns.
void fill_normal(const RandomDraw& draw, double deviation, Ref values);

/// The same with uniform numbers from low to high, made from 31 random bits.
void fill_uniform(const RandomDraw& draw, double low, double high, Ref values);

}  // namespace SOAP_ABI
}  // namespace soap
