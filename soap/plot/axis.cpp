#include "soap/plot/axis.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>

#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

constexpr double largest = 1e300;  // beyond it, differences overflow

double transformed(AxisScale scale, double value) {
  return scale == AxisScale::log ? std::log10(value) : value;
}

bool has_place(AxisScale scale, double value) {
  return std::abs(value) <= largest && (scale == AxisScale::linear || value > 0);
}

void check_limit(const Axis& axis, const std::optional<double>& limit) {
  if (limit && !has_place(axis.scale, *limit)) {
    throw std::invalid_argument("axis '" + axis.label + "': found the limit " + to_text(*limit) +
                                ", expected a " + (axis.scale == AxisScale::log ? "positive" : "finite") +
                                " number");
  }
}

std::string superscript(int exponent) {
  static const std::array<std::string, 10> digits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text;
  for (const char c : std::to_string(exponent))
    text += c == '-' ? "⁻" : digits[static_cast<std::size_t>(c - '0')];
  return text;
}

// With thousands separators and a real minus sign.
std::string tick_text(double value, int decimals) {
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(value),
                                 std::chars_format::fixed, decimals)
                       .ptr;
  std::string text(buffer.data(), end);
  const std::size_t whole = std::min(text.find('.'), text.size());
  for (std::size_t at = whole; at > 3;) text.insert(at -= 3, 1, ',');
  return (value < 0 ? "−" : "") + text;
}

// multiple * 10^exponent, which is a tick of an axis that reaches up to `most`.
std::string tick_label(std::int64_t multiple, int exponent, double most) {
  if (multiple == 0) return "0";
  const double value = static_cast<double>(multiple) * std::pow(10.0, exponent);
  if (most < 1e7 && exponent >= -4) return tick_text(value, std::max(0, -exponent));
  // One power of ten for the whole axis, so that its labels compare at a glance.
  const int power = static_cast<int>(std::floor(std::log10(most) + 1e-12));
  const int decimals = std::max(0, power - exponent);
  const std::string mantissa =
      tick_text(static_cast<double>(multiple) * std::pow(10.0, exponent - power), decimals);
  return (mantissa == "1" ? "" : mantissa + "·") + "10" + superscript(power);
}

std::vector<Tick> linear_ticks(const AxisRange& range, int most, double smallest_step) {
  const double least_step = std::max(smallest_step, (range.high() - range.low()) / most);
  int exponent = static_cast<int>(std::floor(std::log10(least_step)));
  const double unit = std::pow(10.0, exponent);
  std::int64_t factor = 1;
  while (factor < 10 && static_cast<double>(factor) * unit < least_step * (1 - 1e-9)) {
    factor = factor == 1 ? 2 : factor == 2 ? 5 : 10;
  }
  if (factor == 10) {
    factor = 1;
    ++exponent;
  }
  const double step = static_cast<double>(factor) * std::pow(10.0, exponent);
  const double slack = 1e-9;
  const double first = std::ceil(range.low() / step - slack);
  const double last = std::floor(range.high() / step + slack);
  std::vector<Tick> result;
  // Numbers so large that a step is lost in their rounding have no ticks worth drawing.
  if (!(std::max(std::abs(first), std::abs(last)) <= 1e15)) return result;
  const double largest_shown = std::max(std::abs(range.low()), std::abs(range.high()));
  for (auto i = static_cast<std::int64_t>(first); i <= static_cast<std::int64_t>(last); ++i) {
    result.push_back(
        {range.position(static_cast<double>(i) * step), tick_label(i * factor, exponent, largest_shown)});
  }
  // One number alone does not tell the scale of an axis.
  return result.size() < 2 && most < 16 ? linear_ticks(range, 2 * most, smallest_step) : result;
}

std::vector<Tick> log_ticks(const AxisRange& range, int most) {
  const double low = std::log10(range.low());
  const double high = std::log10(range.high());
  const int stride = std::max(1, static_cast<int>(std::ceil((high - low) / most)));
  const bool one_two_five = high - low < 2 && 3 * (high - low) < most;
  std::vector<Tick> result;
  int labels = 0;
  for (int exponent = static_cast<int>(std::floor(low)); exponent <= high; ++exponent) {
    for (int digit = 1; digit <= 9; ++digit) {
      if (stride > 1 && (digit > 1 || exponent % stride != 0)) continue;
      const double position = range.position(digit * std::pow(10.0, exponent));
      if (!(position >= -1e-9 && position <= 1 + 1e-9)) continue;
      const bool labeled = digit == 1 || (one_two_five && (digit == 2 || digit == 5));
      // Each label by its own size: the axis spans too much for one power of ten.
      const double own = digit * std::pow(10.0, exponent);
      result.push_back({position, labeled ? tick_label(digit, exponent, own) : ""});
      labels += labeled ? 1 : 0;
    }
  }
  return labels >= 2 ? result : linear_ticks(range, most, 0);
}

}  // namespace

double beside(double least, double most, double from, double share) {
  const double decades = std::max(std::log10(most) - std::log10(least), 1.0);
  return std::clamp(from * std::pow(10.0, share * decades), std::numeric_limits<double>::min(),
                    std::numeric_limits<double>::max());
}

void add_aside(Axis& axis, double least, double most, std::string name) {
  axis.low = beside(least, most, least, -0.24);
  axis.aside = AxisAside{.until = beside(least, most, least, -0.06), .name = std::move(name)};
}

AxisRange::AxisRange(AxisScale scale, double low, double high) : scale_(scale), low_(low), high_(high) {}

double AxisRange::position(double value) const {
  if (!has_place(scale_, value)) return std::numeric_limits<double>::quiet_NaN();
  const double start = transformed(scale_, low_);
  return (transformed(scale_, value) - start) / (transformed(scale_, high_) - start);
}

double AxisRange::value_at(double position) const {
  const double start = transformed(scale_, low_);
  const double value = start + position * (transformed(scale_, high_) - start);
  return scale_ == AxisScale::log ? std::pow(10.0, value) : value;
}

AxisRange AxisRange::lowered_to(double position) const {
  const double low = value_at(position);
  return has_place(scale_, low) ? AxisRange(scale_, low, high_) : *this;
}

AxisRange fit_range(const Axis& axis, std::span<const double> values, double padding) {
  check_limit(axis, axis.low);
  check_limit(axis, axis.high);
  if (axis.low && axis.high && !(*axis.low < *axis.high)) {
    throw std::invalid_argument("axis '" + axis.label + "': found limits from " + to_text(*axis.low) +
                                " to " + to_text(*axis.high) + ", expected the lower one first");
  }
  const bool log = axis.scale == AxisScale::log;
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double value : values) {
    if (!has_place(axis.scale, value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) {  // nothing to show
    low = axis.low.value_or(axis.high ? *axis.high : log ? 0.1 : 0);
    high = axis.high.value_or(axis.low ? *axis.low : 1);
  }
  low = axis.low.value_or(std::min(low, axis.high.value_or(low)));
  high = axis.high.value_or(std::max(high, low));
  // A single value still needs a length around it; so do values that rounding alone sets apart.
  const double magnitude = std::max(std::abs(low), std::abs(high));
  if (high - low <= 1e-12 * magnitude) {
    const double room = magnitude > 0 ? magnitude / 2 : 1;
    if (!axis.low) low = log ? low / 2 : low - room;
    if (!axis.high) high = log ? high * 2 : high + room;
    return {axis.scale, low, high};
  }
  const AxisRange bare(axis.scale, low, high);
  const double padded_low = axis.low ? low : bare.value_at(-padding);
  const double padded_high = axis.high ? high : bare.value_at(1 + padding);
  return {axis.scale, has_place(axis.scale, padded_low) ? padded_low : low,
          has_place(axis.scale, padded_high) ? padded_high : high};
}

std::vector<Tick> ticks(const AxisRange& range, int most, double least_step) {
  return range.scale() == AxisScale::log ? log_ticks(range, most) : linear_ticks(range, most, least_step);
}

std::vector<Tick> ticks(const Axis& axis, const AxisRange& range, int most) {
  std::vector<Tick> result;
  if (axis.names.empty()) {
    result = ticks(range, most, axis.least_tick_step);
    if (!axis.aside) return result;
    const double end = range.position(axis.aside->until);
    std::erase_if(result, [&](const Tick& tick) { return tick.position < end; });
    result.insert(result.begin(), {end / 2, axis.aside->name});
    return result;
  }
  for (const std::string& name : axis.names)
    result.push_back({range.position(static_cast<double>(result.size())), name});
  return result;
}

}  // namespace SOAP_ABI
}  // namespace soap
