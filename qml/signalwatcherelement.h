// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_SIGNALWATCHERELEMENT_H
#define INTERPROCESSQT_SIGNALWATCHERELEMENT_H

#include "interprocessqt_qml_export.h"
#include "wish.h"

#include <InterprocessQt/SignalWatcher.h>

#include <QtCore/qproperty.h>
#include <QtCore/qstringlist.h>
#include <QtQml/qqml.h>

namespace InterprocessQt
{

// SignalWatcher as QML has it: the signals are declared, by their names.
class INTERPROCESSQT_QML_EXPORT SignalWatcherElement : public InterprocessQt::SignalWatcher, public Wish<SignalWatcherElement>
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(SignalWatcher)
    Q_PROPERTY(QStringList names READ names WRITE setNames NOTIFY namesChanged BINDABLE bindableNames FINAL)
    Q_PROPERTY(InterprocessQt::SignalWatcher::Options options READ options WRITE setOptions NOTIFY optionsChanged BINDABLE bindableOptions FINAL)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged BINDABLE bindableActive FINAL)
    Q_PROPERTY(InterprocessQt::SignalWatcher::Error error READ error NOTIFY errorOccurred FINAL)
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorOccurred FINAL)

public:
    static constexpr bool ActiveByDefault = true;

    explicit SignalWatcherElement(QObject *parent = nullptr);
    ~SignalWatcherElement() override;

    [[nodiscard]] QStringList names() const;
    void setNames(const QStringList &names);
    QBindable<QStringList> bindableNames();
    [[nodiscard]] Options options() const;
    void setOptions(Options options);
    QBindable<Options> bindableOptions();
    [[nodiscard]] Error error() const;
    [[nodiscard]] QString errorString() const;

    Q_INVOKABLE bool sendSignal(double processId, const QString &name);
    Q_INVOKABLE bool processExists(double processId) const;

    void begin();

Q_SIGNALS:
    void received(InterprocessQt::SignalInfo info);
    void namesChanged();
    void optionsChanged();
    void activeChanged();
    void errorOccurred(InterprocessQt::SignalWatcher::Error error);

private:
    void restart();
    void fail(Error error, const QString &text);

    Q_OBJECT_BINDABLE_PROPERTY(SignalWatcherElement, QStringList, m_names, &SignalWatcherElement::namesChanged)
    Q_OBJECT_BINDABLE_PROPERTY(SignalWatcherElement, Options, m_options, &SignalWatcherElement::optionsChanged)
    Error m_error = NoError;
    QString m_errorString;
};

} // namespace InterprocessQt

#endif
