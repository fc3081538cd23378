#include "soap/linalg/random.hpp"

#include <bit>
#include <cmath>
#include <utility>

namespace soap {
inline namespace SOAP_ABI {

namespace {

// SplitMix64 (Steele, Lea and Flood, 2014): spreads a seed over the state, as xoshiro's authors advise.
std::uint64_t split_mix(std::uint64_t& state) {
  std::uint64_t z = state += 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

// FNV-1a over the purpose's bytes.
std::uint64_t hash(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325U;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return h;
}

}  // namespace

Rng::Rng(std::uint64_t seed, std::string_view purpose, std::uint64_t index) {
  // Each part is mixed before the next is added, so (1, "a", 2) and (2, "a", 1) share nothing.
  std::uint64_t mixed = seed;
  mixed = split_mix(mixed) ^ hash(purpose);
  mixed = split_mix(mixed) ^ index;
  for (auto& word : state_) word = split_mix(mixed);
}

std::uint64_t Rng::bits() {
  auto& s = state_;
  const std::uint64_t result = std::rotl(s[0] + s[3], 23) + s[0];
  const std::uint64_t t = s[1] << 17U;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = std::rotl(s[3], 45);
  return result;
}

double Rng::uniform() { return static_cast<double>(bits() >> 11U) * 0x1.0p-53; }

double Rng::uniform(double low, double high) { return low + (high - low) * uniform(); }

double Rng::normal() {
  if (has_spare_normal_) {
    has_spare_normal_ = false;
    return spare_normal_;
  }
  double u = 0;
  double v = 0;
  double square = 0;
  do {
    u = 2 * uniform() - 1;
    v = 2 * uniform() - 1;
    square = u * u + v * v;
  } while (square >= 1 || square == 0);
  const double scale = std::sqrt(-2 * std::log(square) / square);
  spare_normal_ = v * scale;
  has_spare_normal_ = true;
  return u * scale;
}

std::uint64_t Rng::below(std::uint64_t bound) {
  // Values below `excess` would favor the small results: drawn again.
  const std::uint64_t excess = -bound % bound;
  std::uint64_t value = bits();
  while (value < excess) value = bits();
  return value % bound;
}

void shuffle(std::vector<Index>& values, Rng& rng) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[rng.below(i)]);
}

}  // namespace SOAP_ABI
}  // namespace soap
