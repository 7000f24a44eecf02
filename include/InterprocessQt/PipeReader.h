// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_PIPEREADER_H
#define INTERPROCESSQT_PIPEREADER_H

#include <InterprocessQt/NativeHandle.h>
#include <InterprocessQt/StreamDevice.h>

#include <chrono>

namespace InterprocessQt
{
class PipeReaderPrivate;

// The end of a pipe that is read from: an unnamed pipe, standard input, or any other descriptor of a stream.
class INTERPROCESSQT_EXPORT PipeReader : public InterprocessQt::StreamDevice
{
    Q_OBJECT

public:
    explicit PipeReader(QObject *parent = nullptr);
    ~PipeReader() override;

    bool open(NativeHandle &&handle);
    bool openStandardInput();
    bool open(OpenMode openMode) override;
    void close() override;
    void abort() override;

    [[nodiscard]] qintptr handle() const;
    [[nodiscard]] NativeHandle release();
    [[nodiscard]] bool isTerminal() const;
    [[nodiscard]] qint64 capacity() const;
    bool setCapacity(qint64 size);

    bool waitForFinished(int msecs = 30000);
    bool waitForFinished(std::chrono::milliseconds timeout);

protected:
    PipeReader(PipeReaderPrivate &dd, QObject *parent);

private:
    [[nodiscard]] PipeReaderPrivate *d_func() const;
    Q_DISABLE_COPY_MOVE(PipeReader)
};

} // namespace InterprocessQt

#endif
