// What the checks of laws have in common.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "soap/linalg/matrix.hpp"
#include "soap/linalg/random.hpp"
#include "soap/linalg/state.hpp"
#include "soap/linalg/threads.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace testing::detail {

using Report = std::function<void(bool obeyed, const std::string& law)>;
using PlacedReport = std::function<void(bool obeyed, const std::string& law, const std::string& place)>;

/// A sentence for each law that is broken, with the first place where it is.
class BrokenLaws {
 public:
  /// `who` begins each sentence.
  explicit BrokenLaws(std::string who) : who_(std::move(who)) {}

  [[nodiscard]] PlacedReport report() {
    return [this](bool obeyed, const std::string& law, const std::string& place) {
      if (obeyed || std::find(laws_.begin(), laws_.end(), law) != laws_.end()) return;
      laws_.push_back(law);
      sentences_.push_back(who_ + " " + law + " (" + place + ")");
    };
  }
  [[nodiscard]] const std::vector<std::string>& sentences() const { return sentences_; }

 private:
  std::string who_;
  std::vector<std::string> laws_;
  std::vector<std::string> sentences_;
};

inline Matrix random_matrix(Index rows, Index cols, std::uint64_t seed) {
  Rng rng(seed, "rule laws");
  return Matrix::NullaryExpr(rows, cols, [&] { return static_cast<Scalar>(rng.normal()); });
}

inline bool same_bits(const Matrix& a, const Matrix& b) {
  const auto bytes = static_cast<std::size_t>(a.size()) * sizeof(Scalar);
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         (bytes == 0 || std::memcmp(a.data(), b.data(), bytes) == 0);
}

/// Sets the number of threads for one scope.
class ThreadCount {
 public:
  explicit ThreadCount(int count) : before_(usable_threads()) { set_threads(count); }
  ~ThreadCount() { set_threads(before_); }
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;

 private:
  int before_;
};

/// The state of a feedback, a layer or a step by value.
class SavedState final : public StateVisitor {
 public:
  template <class Holder>
  explicit SavedState(Holder& holder) {
    holder.visit_state(*this);
  }
  void matrix(std::string_view name, Ref value) override { matrices[std::string(name)] = value; }
  void counter(std::string_view name, std::int64_t& value) override { counters[std::string(name)] = value; }

  std::map<std::string, Matrix> matrices;
  std::map<std::string, std::int64_t> counters;
};

/// Puts saved state, or one matrix of it, into another.
class StateWriter final : public StateVisitor {
 public:
  explicit StateWriter(const SavedState& state) : matrices_(state.matrices), counters_(state.counters) {}
  StateWriter(const std::string& name, Matrix value) : matrices_{{name, std::move(value)}} {}
  void matrix(std::string_view name, Ref value) override {
    const auto found = matrices_.find(std::string(name));
    if (found == matrices_.end()) return;
    const Matrix& written = found->second;
    if (written.rows() == value.rows() && written.cols() == value.cols()) {
      value = written;
    } else {
      fits_ = false;
    }
  }
  void counter(std::string_view name, std::int64_t& value) override {
    const auto found = counters_.find(std::string(name));
    if (found != counters_.end()) value = found->second;
  }
  /// Whether every matrix had the shape of what it was put into.
  [[nodiscard]] bool fits() const { return fits_; }

 private:
  std::map<std::string, Matrix> matrices_;
  std::map<std::string, std::int64_t> counters_;
  bool fits_ = true;
};

}  // namespace testing::detail

}  // namespace SOAP_ABI
}  // namespace soap
