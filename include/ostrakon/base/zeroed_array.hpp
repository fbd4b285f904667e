// A large array of zeros, whose memory is taken page by page as it is written to.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace ostrakon {

/// `T` is plain data whose bytes may all be zero. Throws std::bad_alloc.
template <class T>
class ZeroedArray {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

public:
    explicit ZeroedArray(std::size_t size) : items_(static_cast<T*>(std::calloc(size, sizeof(T)))) {
        if (items_ == nullptr) {
            throw std::bad_alloc{};
        }
    }

    T& operator[](std::size_t index) noexcept { return items_.get()[index]; }
    const T& operator[](std::size_t index) const noexcept { return items_.get()[index]; }

private:
    struct Free {
        void operator()(T* items) const noexcept { std::free(items); }
    };
    std::unique_ptr<T, Free> items_;
};

}  // namespace ostrakon
