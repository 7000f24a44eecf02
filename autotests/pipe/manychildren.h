// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef MANYCHILDREN_H
#define MANYCHILDREN_H

#include <InterprocessQt/ChildHandles>
#include <InterprocessQt/Pipe>

#include <QProcess>

#include <memory>
#include <vector>

// Children that run side by side, each with the ends of two pipes of its own.
class ManyChildren
{
public:
    // Starts one more; start(process, number of its input, number of its output) does. False if it could not be prepared.
    template<typename Start>
    [[nodiscard]] bool add(const Start &start)
    {
        using InterprocessQt::NativeHandle;
        Child &child = *m_children.emplace_back(std::make_unique<Child>());
        InterprocessQt::ChildHandles handles;
        const auto input = handles.add(child.toChild.reader.get(), "input");
        const auto output = handles.add(child.fromChild.writer.get(), "output");
        if (input == NativeHandle::Invalid || output == NativeHandle::Invalid || !handles.attachTo(&child.process))
            return false;
        start(child.process, input, output);
        return true;
    }

    [[nodiscard]] size_t count() const
    {
        return m_children.size();
    }

    // Tells one of them something, and that this is all. Returns what it has said when it has ended; nothing if it does not end,
    // or another child still holds an end of its pipes.
    [[nodiscard]] QByteArray answer(size_t index, const QByteArray &question)
    {
        Child &child = *m_children[index];
        if (!child.process.waitForStarted())
            return {};
        child.toChild.writer->write(question);
        child.toChild.writer->close();
        if (!child.toChild.writer->waitForClosed() || !child.fromChild.reader->waitForFinished())
            return {};
        const QByteArray answer = child.fromChild.reader->readAll();
        return child.process.waitForFinished() ? answer : QByteArray();
    }

private:
    struct Child {
        InterprocessQt::Pipe toChild = InterprocessQt::Pipe::create();
        InterprocessQt::Pipe fromChild = InterprocessQt::Pipe::create();
        QProcess process;
    };
    std::vector<std::unique_ptr<Child>> m_children;
};

#endif
