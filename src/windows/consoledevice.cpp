// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "blockingdevice_p.h"

#include "syscalls_handle_p.h"

#include <QtCore/qstringconverter.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

namespace InterprocessQt
{

namespace
{

// The console of older Windows has no room for more than some 30,000 characters in one call.
constexpr DWORD MostCharacters = 8192;
constexpr DWORD MostBytes = 3; // of one UTF-16 unit in UTF-8
constexpr wchar_t ControlZ = 0x1a;

/*
 * ReadFile() would hand out what is typed in the code page of the console, and loses what is not ASCII where that is UTF-8
 * (Microsoft, Console Code Pages; solved in newer systems). ReadConsoleW() does not.
 *
 * It is called when a key was pressed, and not before: the console goes on with a call that was cancelled, and throws away the
 * line that is typed then (Microsoft's console, issue 12143).
 */
class ConsoleReadDevice final : public BlockingDevice
{
public:
    explicit ConsoleReadDevice(NativeHandle handle)
        : BlockingDevice(std::move(handle))
        , m_stop(sys::generic(sys::createEvent()))
    {
        Q_CHECK_PTR(sys::native(m_stop.get()));
    }

    bool stop() override
    {
        const std::lock_guard lock(m_mutex);
        sys::setEvent(sys::native(m_stop.get()));
        m_isStopped = true;
        return !m_isReading;
    }

    DWORD transfer(char *data, DWORD size, DWORD &bytes) override
    {
        const HANDLE console = sys::native(handle());
        for (;;) {
            if (DWORD error = waitForKeys(console))
                return error;
            // With room for what an older half of a character becomes together with its newer one.
            const DWORD room = std::min(MostCharacters, size / MostBytes - 1);
            DWORD length = 0;
            m_text.resize(room);
            if (!beginReading())
                return sys::Interrupted;
            const DWORD error = sys::readConsole(console, m_text.data(), room, length);
            endReading();
            if (error == sys::Interrupted) // Ctrl-C: what it means to the program is not told here
                continue;
            if (error != sys::NoError)
                return error;
            const bool atLineBegin = std::exchange(m_atLineBegin, length > 0 && m_text[length - 1] == L'\n');
            if (length == 0 || (atLineBegin && m_text[0] == ControlZ && (sys::consoleMode(console) & ENABLE_PROCESSED_INPUT))) {
                m_atLineBegin = true;
                return ERROR_HANDLE_EOF;
            }
            // Keeps the first half of a character that the next read has the second one of.
            const QByteArray text = m_encoder.encode(QStringView(m_text.data(), qsizetype(length)));
            bytes = DWORD(text.size());
            Q_ASSERT(bytes <= size);
            std::memcpy(data, text.constData(), bytes);
            if (bytes > 0)
                return sys::NoError;
        }
    }

private:
    DWORD waitForKeys(HANDLE console)
    {
        const HANDLE handles[] = {sys::native(m_stop.get()), console};
        for (;;) {
            if (sys::waitForAny(handles, 2, QDeadlineTimer(QDeadlineTimer::Forever)) == 0) {
                static_cast<void>(beginReading()); // the next transfer is another one
                return sys::Interrupted;
            }
            if (sys::hasKeysOrDropRest(console))
                return sys::NoError;
        }
    }

    // Either it is stopped before the call that reads, or the call has to be cancelled.
    bool beginReading()
    {
        const std::lock_guard lock(m_mutex);
        sys::resetEvent(sys::native(m_stop.get()));
        m_isReading = !std::exchange(m_isStopped, false);
        return m_isReading;
    }
    void endReading()
    {
        const std::lock_guard lock(m_mutex);
        m_isReading = false;
    }

    std::mutex m_mutex;
    bool m_isStopped = false;
    bool m_isReading = false;
    const NativeHandle m_stop;
    std::vector<wchar_t> m_text;
    QStringEncoder m_encoder{QStringEncoder::Utf8};
    bool m_atLineBegin = true;
};

class ConsoleWriteDevice final : public BlockingDevice
{
public:
    using BlockingDevice::BlockingDevice;

    DWORD transfer(char *data, DWORD size, DWORD &bytes) override
    {
        // A character that comes in two writes is kept until it is complete.
        const QString text = m_decoder.decode(QByteArrayView(data, qsizetype(size)));
        const auto *const characters = reinterpret_cast<const wchar_t *>(text.utf16());
        for (qsizetype done = 0; done < text.size();) {
            auto count = DWORD(std::min<qsizetype>(text.size() - done, MostCharacters));
            if (count > 1 && QChar::isHighSurrogate(characters[done + count - 1]))
                --count;
            DWORD written = 0;
            const DWORD error = sys::writeConsole(sys::native(handle()), characters + done, count, written);
            if (error != sys::NoError || written == 0)
                return error != sys::NoError ? error : DWORD(ERROR_WRITE_FAULT);
            done += qsizetype(written);
        }
        bytes = size;
        return sys::NoError;
    }

private:
    QStringDecoder m_decoder{QStringDecoder::Utf8, QStringConverter::Flag::ConvertInitialBom};
};

} // namespace

std::unique_ptr<BlockingDevice> makeConsoleReadDevice(NativeHandle handle)
{
    return std::make_unique<ConsoleReadDevice>(std::move(handle));
}

std::unique_ptr<BlockingDevice> makeConsoleWriteDevice(NativeHandle handle)
{
    return std::make_unique<ConsoleWriteDevice>(std::move(handle));
}

} // namespace InterprocessQt
