// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Linked into the tests when they are built with ThreadSanitizer, and only then.
//
// The sanitizer learns which thread waits for which from the code that is built with it, and the Qt of the system is not:
// it does not see that an event is put into a list under one lock and taken out of it under the same lock, and takes the
// receiver's access to what the sender prepared for a data race. Here it is told: what was done before anything that may
// post an event (a signal, invokeMethod(), deleteLater(), moveToThread(), postEvent()) is done when a later event is
// delivered. All of it goes through one synchronisation object, which also hides a race between two threads that happen to
// post and receive unrelated events in between; races without such a coincidence are found.

#include <QtCore/qcoreevent.h>
#include <QtCore/qnamespace.h>

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#define INTERPOSED extern "C" __attribute__((visibility("default")))

namespace
{
char handOver;

// Qt calls it with the receiver, the event and the result, before each event that it delivers.
bool eventIsDelivered(void **data)
{
    const QEvent::Type type = static_cast<QEvent *>(data[1])->type();
    // Nobody posts these: the event loop of the receiver itself makes them.
    if (type != QEvent::Timer && type != QEvent::SockAct) {
        __tsan_acquire(&handOver);
    }
    return false;
}

[[maybe_unused]] const bool registered = QInternal::registerCallback(QInternal::EventNotifyCallback, eventIsDelivered);

template<typename Function>
Function qtsOwn(const char *symbol)
{
    __tsan_release(&handOver);
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, symbol));
}
}

// The functions of Qt have C++ names, under which they are defined here a second time: the dynamic linker takes those of
// the program first. Called from within Qt they stay what they are.

#define ACTIVATE "_ZN11QMetaObject8activateEP7QObjectPKS_iPPv"
INTERPOSED void activate(void *sender, const void *metaObject, int signal, void **arguments) __asm__(ACTIVATE);
void activate(void *sender, const void *metaObject, int signal, void **arguments)
{
    qtsOwn<decltype(&activate)>(ACTIVATE)(sender, metaObject, signal, arguments);
}

#define INVOKE_METHOD "_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv"
INTERPOSED bool invokeMethod(void *receiver, void *slot, int connectionType, void *result) __asm__(INVOKE_METHOD);
bool invokeMethod(void *receiver, void *slot, int connectionType, void *result)
{
    return qtsOwn<decltype(&invokeMethod)>(INVOKE_METHOD)(receiver, slot, connectionType, result);
}

#define POST_EVENT "_ZN16QCoreApplication9postEventEP7QObjectP6QEventi"
INTERPOSED void postEvent(void *receiver, void *event, int priority) __asm__(POST_EVENT);
void postEvent(void *receiver, void *event, int priority)
{
    qtsOwn<decltype(&postEvent)>(POST_EVENT)(receiver, event, priority);
}

#define DELETE_LATER "_ZN7QObject11deleteLaterEv"
INTERPOSED void deleteLater(void *object) __asm__(DELETE_LATER);
void deleteLater(void *object)
{
    qtsOwn<decltype(&deleteLater)>(DELETE_LATER)(object);
}

#define MOVE_TO_THREAD "_ZN7QObject12moveToThreadEP7QThread"
INTERPOSED void moveToThread(void *object, void *thread) __asm__(MOVE_TO_THREAD);
void moveToThread(void *object, void *thread)
{
    qtsOwn<decltype(&moveToThread)>(MOVE_TO_THREAD)(object, thread);
}

// From Qt 6.7 on it is this one.
#define MOVE_TO_THREAD_67 "_ZN7QObject12moveToThreadEP7QThreadN2Qt15Disambiguated_tE"
INTERPOSED bool moveToThread67(void *object, void *thread) __asm__(MOVE_TO_THREAD_67);
bool moveToThread67(void *object, void *thread)
{
    return qtsOwn<decltype(&moveToThread67)>(MOVE_TO_THREAD_67)(object, thread);
}
