package mcpserver
import ("testing";"fmt";"encoding/json";"github.com/mqtrail/mqtrail/sdk/protocol";"time";"os")
func TestX(t *testing.T){
 raw,_:=os.ReadFile("../../../schemas/aliyun/rocketmq/get_trace.json")
 var f struct{Input,Output json.RawMessage}
 json.Unmarshal(raw,&f)
 for _,n:=range []int{50,500}{
 var many []*protocol.Operation
 for i:=range n { o:=operation(fmt.Sprintf("op_%d",i),string(f.Input)); o.OutputSchema=f.Output; many=append(many,o)}
 b:=time.Now(); s:=house(t,many...); a:=time.Since(b); b=time.Now(); l:=s.listed(t); fmt.Println(n,"new",a,"list+decode",time.Since(b),len(l))
 b=time.Now(); m:=s.protocol.HandleMessage(t.Context(), json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)); x,_:=json.Marshal(m); fmt.Println("list",time.Since(b),len(x))
 }
}
