#include "hourglass/interop/impl/pickle.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "hourglass/base/error.h"
#include "hourglass/interop/array.h"
#include "hourglass/interop/impl/bytes.h"

namespace hourglass {
namespace {

using Kind = PickleValue::Kind;
using Ref = std::uint32_t;

enum Opcode : std::uint8_t {
  kProto = 0x80,
  kFrame = 0x95,
  kStop = '.',
  kMark = '(',
  kPop = '0',
  kPopMark = '1',
  kNone = 'N',
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kLong1 = 0x8a,
  kBinFloat = 'G',
  kBinUnicode = 'X',
  kShortBinUnicode = 0x8c,
  kBinUnicode8 = 0x8d,
  kEmptyTuple = ')',
  kTuple = 't',
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kEmptyList = ']',
  kAppend = 'a',
  kAppends = 'e',
  kEmptyDict = '}',
  kSetItem = 's',
  kSetItems = 'u',
  kGlobal = 'c',
  kStackGlobal = 0x93,
  kReduce = 'R',
  kBuild = 'b',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kMemoize = 0x94,
  kBinGet = 'h',
  kLongBinGet = 'j',
  kBinPersId = 'Q',
};

/// Python's name of the type that an unsupported opcode makes; "" if there is no single one.
std::string_view made_by(std::uint8_t opcode) {
  switch (opcode) {
    case 'B':
    case 'C':
    case 0x8e:
      return "bytes";
    case 0x96:
      return "bytearray";
    case 0x8f:
      return "set";
    case 0x91:
      return "frozenset";
    default:
      return "";
  }
}

class Reader {
 public:
  Reader(std::span<const std::uint8_t> bytes, std::string_view source,
         std::span<const std::string_view> allowed)
      : bytes_(bytes), source_(source), allowed_(allowed) {}

  PickleTree read() {
    if (bytes_.empty() || bytes_[0] != kProto) {
      refuse("it is no pickle of protocol 2 to 5: save it without naming another protocol");
    }
    while (!step(take<std::uint8_t>())) {
    }
    tree_.root = pop();
    return std::move(tree_);
  }

 private:
  template <typename... Args>
  [[noreturn]] void refuse(fmt::format_string<Args...> message, Args&&... args) const {
    fail_file("pickle", "{}: {}", source_, fmt::format(message, std::forward<Args>(args)...));
  }
  [[noreturn]] void refuse_damaged() const { refuse("the pickle is cut short or damaged"); }
  [[noreturn]] void refuse_object(const std::string& which) const {
    refuse(
        "it holds an object {}, which is never read or run: save arrays alone, as "
        "torch.save(model.state_dict(), PATH) does",
        which);
  }

  std::span<const std::uint8_t> take_bytes(std::uint64_t count) {
    if (bytes_.size() - at_ < count) refuse_damaged();
    const auto taken = bytes_.subspan(at_, count);
    at_ += count;
    return taken;
  }
  template <typename T>
  T take() {
    return load_little<T>(take_bytes(sizeof(T)), 0);
  }
  std::string take_text(std::uint64_t count) {
    const auto taken = take_bytes(count);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }
  std::string take_line() {
    const auto rest = bytes_.subspan(at_);
    const auto end = std::find(rest.begin(), rest.end(), std::uint8_t{'\n'});
    if (end == rest.end()) refuse_damaged();
    std::string line = take_text(static_cast<std::uint64_t>(end - rest.begin()));
    ++at_;
    return line;
  }

  void push(PickleValue value) {
    stack_.push_back(static_cast<Ref>(tree_.values.size()));
    tree_.values.push_back(std::move(value));
  }
  void push_kind(Kind kind) { push({.kind = kind}); }
  void push_integer(std::int64_t value) { push({.kind = Kind::kInteger, .integer = value}); }
  void push_text(std::string text) { push({.kind = Kind::kText, .text = std::move(text)}); }
  void push_tuple(std::vector<Ref> items) {
    push({.kind = Kind::kTuple, .items = std::move(items)});
  }

  /// The height of the stack at the last mark.
  std::size_t bottom() const { return marks_.empty() ? 0 : marks_.back(); }
  Ref top() const {
    if (stack_.size() <= bottom()) refuse_damaged();
    return stack_.back();
  }
  Ref pop() {
    const Ref ref = top();
    stack_.pop_back();
    return ref;
  }
  std::vector<Ref> pop_several(std::size_t count) {
    if (stack_.size() - bottom() < count) refuse_damaged();
    const auto first = stack_.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<Ref> items(first, stack_.end());
    stack_.erase(first, stack_.end());
    return items;
  }
  std::vector<Ref> pop_to_mark() {
    if (marks_.empty()) refuse_damaged();
    std::vector<Ref> items = pop_several(stack_.size() - marks_.back());
    marks_.pop_back();
    return items;
  }

  void append(const std::vector<Ref>& items) {
    PickleValue& list = tree_.values[top()];
    if (list.kind != Kind::kList) refuse_damaged();
    list.items.insert(list.items.end(), items.begin(), items.end());
  }
  void set_pairs(const std::vector<Ref>& pairs) {
    PickleValue& dict = tree_.values[top()];
    if (pairs.size() % 2 != 0 || (dict.kind != Kind::kDict && dict.kind != Kind::kCall)) {
      refuse_damaged();
    }
    dict.pairs.insert(dict.pairs.end(), pairs.begin(), pairs.end());
  }
  void push_global(const std::string& module, const std::string& name) {
    std::string global = module + ' ' + name;
    if (std::find(allowed_.begin(), allowed_.end(), global) == allowed_.end()) {
      refuse_object(fmt::format("of Python's {}", quote_name(module + '.' + name)));
    }
    push({.kind = Kind::kGlobal, .text = std::move(global)});
  }
  void put(std::uint64_t index) {
    // Writers number the memo consecutively; a gap would let a small file ask for much memory.
    if (index > memo_.size()) refuse_damaged();
    if (index == memo_.size()) memo_.push_back(0);
    memo_[index] = top();
  }
  void get(std::uint64_t index) {
    if (index >= memo_.size()) refuse_damaged();
    stack_.push_back(memo_[index]);
  }
  std::int64_t long_of(std::span<const std::uint8_t> little) const {
    if (little.size() > sizeof(std::int64_t))
      refuse("it holds a number of {} bytes", little.size());
    const bool negative = !little.empty() && (little.back() & 0x80) != 0;
    std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
    for (std::size_t i = little.size(); i > 0; --i) value = (value << 8) | little[i - 1];
    return static_cast<std::int64_t>(value);
  }

  /// Reads one opcode; returns whether it was the last.
  bool step(std::uint8_t opcode) {
    switch (opcode) {
      case kStop:
        return true;
      case kProto:
        if (const auto version = take<std::uint8_t>(); version < 2 || version > 5) {
          refuse("it is a pickle of protocol {}: 2 to 5 are read", version);
        }
        return false;
      case kFrame:
        take<std::uint64_t>();
        return false;
      case kMark:
        marks_.push_back(stack_.size());
        return false;
      case kPop:
        pop();
        return false;
      case kPopMark:
        pop_to_mark();
        return false;
      default:
        break;
    }
    if (!push_scalar(opcode) && !build(opcode) && !remember(opcode)) {
      const std::string_view name = made_by(opcode);
      if (!name.empty()) refuse_object(fmt::format("of Python's {}", name));
      refuse_object(fmt::format("made by the pickle's opcode 0x{:02x}", opcode));
    }
    return false;
  }

  bool push_scalar(std::uint8_t opcode) {
    switch (opcode) {
      case kNone:
        return push_kind(Kind::kNone), true;
      case kNewTrue:
      case kNewFalse:
        return push({.kind = Kind::kBool, .integer = opcode == kNewTrue ? 1 : 0}), true;
      case kBinInt:
        return push_integer(take<std::int32_t>()), true;
      case kBinInt1:
        return push_integer(take<std::uint8_t>()), true;
      case kBinInt2:
        return push_integer(take<std::uint16_t>()), true;
      case kLong1:
        return push_integer(long_of(take_bytes(take<std::uint8_t>()))), true;
      case kBinFloat: {
        std::uint64_t bits = 0;  // the only number that is big-endian
        for (const std::uint8_t byte : take_bytes(8)) bits = (bits << 8) | byte;
        return push({.kind = Kind::kReal, .real = std::bit_cast<double>(bits)}), true;
      }
      case kBinUnicode:
        return push_text(take_text(take<std::uint32_t>())), true;
      case kShortBinUnicode:
        return push_text(take_text(take<std::uint8_t>())), true;
      case kBinUnicode8:
        return push_text(take_text(take<std::uint64_t>())), true;
      default:
        return false;
    }
  }

  bool build(std::uint8_t opcode) {
    switch (opcode) {
      case kEmptyTuple:
        return push_tuple({}), true;
      case kTuple:
        return push_tuple(pop_to_mark()), true;
      case kTuple1:
      case kTuple2:
      case kTuple3:
        return push_tuple(pop_several(static_cast<std::size_t>(opcode - kTuple1 + 1))), true;
      case kEmptyList:
        return push_kind(Kind::kList), true;
      case kAppend:
        return append(pop_several(1)), true;
      case kAppends:
        return append(pop_to_mark()), true;
      case kEmptyDict:
        return push_kind(Kind::kDict), true;
      case kSetItem:
        return set_pairs(pop_several(2)), true;
      case kSetItems:
        return set_pairs(pop_to_mark()), true;
      case kReduce:
        return push({.kind = Kind::kCall, .items = pop_several(2)}), true;
      case kBuild:
        pop();
        if (tree_[top()].kind != Kind::kCall) refuse_damaged();
        return true;
      case kBinPersId:
        return push({.kind = Kind::kPersistent, .items = pop_several(1)}), true;
      default:
        return false;
    }
  }

  bool remember(std::uint8_t opcode) {
    switch (opcode) {
      case kGlobal: {
        const std::string module = take_line();
        return push_global(module, take_line()), true;
      }
      case kStackGlobal: {
        const std::vector<Ref> words = pop_several(2);
        return push_global(tree_[words[0]].text, tree_[words[1]].text), true;
      }
      case kBinPut:
        return put(take<std::uint8_t>()), true;
      case kLongBinPut:
        return put(take<std::uint32_t>()), true;
      case kMemoize:
        return put(memo_.size()), true;
      case kBinGet:
        return get(take<std::uint8_t>()), true;
      case kLongBinGet:
        return get(take<std::uint32_t>()), true;
      default:
        return false;
    }
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  std::string_view source_;
  std::span<const std::string_view> allowed_;
  std::vector<Ref> stack_;
  std::vector<std::size_t> marks_;  // heights of the stack
  std::vector<Ref> memo_;
  PickleTree tree_;
};

}  // namespace

PickleTree parse_pickle(std::span<const std::uint8_t> bytes, std::string_view source,
                        std::span<const std::string_view> allowed) {
  return Reader(bytes, source, allowed).read();
}

}  // namespace hourglass
